import { beforeAll, expect, it } from '@jest/globals';
import { cpu } from '@winnow/tensor-backend';
import { copyRun } from './copy-run.ts';
import { RunFolder } from './run-folder.ts';
import { memoryRunStore } from './store/memory-run-store.ts';
import type { RunStore } from './store/run-store.ts';
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

/** Of rounds that keep half each, and a quarter at the end: four steps a round, and as many under the ticket. */
const inRounds = () =>
  planToy({ method: 'ltr', density: 0.25, epochs: 1, options: { rate: 0.5, roundEpochs: 1 } });

it.each([
  ['search', 'cts', 2, 3, plan],
  ['train', 'cts', 6, 3, plan],
  ['search', 'ltr', 6, 7, inRounds],
  ['train', 'ltr', 10, 3, inRounds],
])('goes on in its %s, of %s, to the same bits', async (phase, _, steps, next, planned) => {
  const [whole, stopped, copies] = [noFiles(), noFiles(), noFiles()];
  await attemptToy(await planned(), folderOf(whole));
  await attemptToy(await planned(), folderOf(stopped), { stopAfter: steps });
  await copyRun(folderOf(stopped), folderOf(copies));
  expect(copies).toEqual(stopped);
  const { events } = await attemptToy(await planned(), folderOf(copies));
  // No step is taken again, though that would change no bit.
  expect(events.find(({ type }) => type === 'step')).toMatchObject({ phase, step: next });
  expect(copies).toEqual(whole);
});

it.each([3, 6])('is whole once its run has a result, after a copy at step %d', async (step) => {
  const [whole, copies] = [await filesAfter(), await filesAfter(step)];
  await copyRun(folderOf(whole), folderOf(copies));
  expect(copies).toEqual(whole);
});

it('goes on from where it was copied, whatever its run has done since', async () => {
  const copies = await filesAfter(3);
  await copyRun(folderOf(await filesAfter(6)), folderOf(copies));
  expect(copies).toEqual(await filesAfter(3));
  await attemptToy(await plan(), folderOf(copies));
  expect(copies).toEqual(await filesAfter());
});

it.each([
  ['checkpoint/train.safetensors', 7],
  ['checkpoint/train.safetensors', Infinity],
  ['metrics.jsonl', 7],
  ['metrics.jsonl', Infinity],
])('serves though the run goes on once %s is read, to step %d', async (at, steps) => {
  const [files, copies] = [await filesAfter(6), noFiles()];
  const source = memoryRunStore(files, 'run');
  const later = await filesAfter(steps);
  const running: RunStore = {
    ...source,
    async read(name) {
      const bytes = await source.read(name);
      if (name === at) {
        files.clear();
        for (const one of later) files.set(...one);
      }
      return bytes;
    },
  };
  await copyRun(new RunFolder(running), folderOf(copies));
  await attemptToy(await plan(), folderOf(copies));
  expect(copies).toEqual(await filesAfter());
});

it('is made anew where it broke off', async () => {
  const files = await filesAfter(6);
  const copies: Files = new Map();
  await copyRun(folderOf(files), folderOf(copies));
  for (const name of ['ticket.safetensors', 'metrics.jsonl']) copies.delete(`run/${name}`);
  await copyRun(folderOf(files), folderOf(copies));
  expect(copies).toEqual(files);
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
