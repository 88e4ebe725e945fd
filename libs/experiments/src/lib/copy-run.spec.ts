import { beforeAll, expect, it } from '@jest/globals';
import { cpu } from '@winnow/tensor-backend';
import { copyRun } from './copy-run.ts';
import { RunFolder } from './run-folder.ts';
import { memoryRunStore } from './store/memory-run-store.ts';
import { attemptToy, planToy } from './testing/toy-run.ts';

beforeAll(() => cpu.start());

type Files = Map<string, Uint8Array>;
const noFiles = (): Files => new Map();
const folderOf = (files: Files, path = 'run') => new RunFolder(memoryRunStore(files, path));
const plan = (seed = 1) => planToy({ seed, options: { searchEpochs: 1 } });

/** The files of a run of eight steps, or of so many of them. */
async function filesAfter(steps = Infinity): Promise<Files> {
  const files: Files = new Map();
  await attemptToy(await plan(), folderOf(files), { stopAfter: steps });
  return files;
}

it('is the same run, file by file, which is not done again', async () => {
  const [files, copies] = [await filesAfter(), noFiles()];
  await copyRun(folderOf(files), folderOf(copies));
  expect(copies).toEqual(files);
  const { result, events } = await attemptToy(await plan(), folderOf(copies));
  expect(result).toEqual(await folderOf(files).readResult());
  expect(events.map(({ type }) => type)).toEqual(['ticket', 'result']);
});

it('goes on from what the run has, to the same ticket and weights', async () => {
  const [whole, stopped, copies] = [await filesAfter(), await filesAfter(6), noFiles()];
  await copyRun(folderOf(stopped), folderOf(copies));
  expect(copies.has('run/ticket.safetensors')).toBe(true);
  expect([...copies.keys()].filter((name) => name.includes('checkpoint'))).toEqual([]);
  await attemptToy(await plan(), folderOf(copies));
  for (const name of ['ticket', 'weights'])
    expect(copies.get(`run/${name}.safetensors`)).toEqual(whole.get(`run/${name}.safetensors`));
  expect(copies.get('run/metrics.jsonl')).toEqual(whole.get('run/metrics.jsonl'));
});

it('is finished where it broke off, and keeps what was done in it since', async () => {
  const [files, copies] = [await filesAfter(), noFiles()];
  await copyRun(folderOf(files), folderOf(copies));
  for (const name of ['weights.safetensors', 'result.json']) copies.delete(`run/${name}`);
  copies.set('run/timings.json', Uint8Array.of(1));
  await copyRun(folderOf(files), folderOf(copies));
  expect(copies).toEqual(new Map([...files, ['run/timings.json', Uint8Array.of(1)]]));
});

it('is none where there is no run, and none of a folder that holds another', async () => {
  const [files, copies] = [await filesAfter(), noFiles()];
  await copyRun(folderOf(files, 'nothing'), folderOf(copies));
  expect(copies.size).toBe(0);
  await folderOf(copies).claim((await plan(2)).config);
  const before = new Map(copies);
  await expect(copyRun(folderOf(files), folderOf(copies))).rejects.toMatchObject({
    code: 'RUN_FOLDER_TAKEN',
  });
  expect(copies).toEqual(before);
});
