import { beforeAll, describe, expect, it } from '@jest/globals';
import { cpu } from '@winnow/tensor-backend';
import { RunFolder } from './run-folder.ts';
import { memoryRunStore } from './store/memory-run-store.ts';
import { planToy } from './testing/toy-run.ts';

beforeAll(() => cpu.start());

async function claimed(): Promise<RunFolder> {
  const folder = new RunFolder(memoryRunStore());
  await folder.claim((await planToy({})).config);
  return folder;
}

describe('RunFolder', () => {
  it('gives rounds in their order from the hundredth on as well', async () => {
    const folder = await claimed();
    for (const round of [2, 11, 100])
      await folder.writeBeside(`rounds/${String(round).padStart(2, '0')}.json`, { round });
    expect((await folder.readRounds()).map(({ round }) => round)).toEqual([2, 11, 100]);
  });

  it('names its documents by their paths where it lies on a disk', () => {
    const { path, ticket, store } = new RunFolder('runs/first');
    expect([path, ticket]).toEqual(['runs/first', 'runs/first/ticket.safetensors']);
    expect(store.at('checks/shuffle').at('../..').place()).toBe('runs/first');
  });

  it('reads seconds of before evaluation was a phase', async () => {
    const folder = await claimed();
    await folder.writeBeside('timings.json', { pretrain: 1, search: 2, train: 3 });
    expect(await folder.readTimings()).toEqual({ pretrain: 1, search: 2, train: 3, evaluate: 0 });
  });

  it.each(['weights.safetensors', 'metrics.jsonl', 'result.json', 'report.html'])(
    'is not made of a folder that holds %s of no run',
    async (name) => {
      const folder = new RunFolder(memoryRunStore());
      await folder.store.write(name, 'mine');
      const claim = folder.claim((await planToy({})).config);
      await expect(claim).rejects.toMatchObject({
        code: 'RUN_FOLDER_TAKEN',
        message: expect.stringContaining(`holds ${name}, and no run`),
      });
      expect(await folder.store.list('')).toEqual([name]);
    },
  );

  it('goes on with a run that recorded plugins without what they bring, and unused ones', async () => {
    const store = memoryRunStore();
    const record = (name: string) => ({ name, specifier: `/${name}.js`, sha256: 'a' });
    const { config } = await planToy({});
    const old = { ...config, plugins: [record('unused'), record('mine')] };
    const before = new RunFolder(store);
    await before.claim(old);
    await before.writeTensors('start', []);
    const now = { ...config, plugins: [{ ...record('mine'), brings: ['method' as const] }] };
    const folder = new RunFolder(store);
    expect((await folder.claim(now)).plugins).toEqual(old.plugins);
    expect((await folder.readTensors('start')).tensors.size).toBe(0);
    const other = { ...now, plugins: [{ ...now.plugins[0]!, sha256: 'b' }] };
    await expect(new RunFolder(store).claim(other)).rejects.toMatchObject({
      code: 'PLUGIN_CHANGED',
    });
    const another = { ...now, plugins: [] };
    expect((await new RunFolder(store).claim(another)).plugins).toEqual(old.plugins);
  });

  it('says of other data that they changed, and not of an option that nobody gave', async () => {
    const folder = await claimed();
    const { config } = await planToy({});
    const dataset = { ...config.dataset, checksum: '0'.repeat(64) };
    await expect(folder.claim({ ...config, dataset })).rejects.toMatchObject({
      code: 'DATA_CHANGED',
    });
    const normalization = { mean: [7], std: [8] };
    const computed = { ...dataset, normalization };
    await expect(folder.claim({ ...config, dataset: computed })).rejects.toMatchObject({
      code: 'DATA_CHANGED',
    });
    const input = { ...config.input, height: config.input.height + 1 };
    await expect(folder.claim({ ...config, input, dataset })).rejects.toMatchObject({
      code: 'DATA_CHANGED',
    });
    const other = { ...dataset, name: 'other' };
    await expect(folder.claim({ ...config, input, dataset: other })).rejects.toMatchObject({
      code: 'RUN_FOLDER_TAKEN',
      message: expect.stringMatching(/--dataset \S+, and now it is "other"\./),
    });
  });

  it('says what is missing, and what is damaged', async () => {
    const folder = new RunFolder(memoryRunStore());
    await expect(folder.readTicket()).rejects.toMatchObject({
      code: 'FILE_NOT_READABLE',
      message: expect.stringMatching(
        /There is no memory:\/ticket\.safetensors\. .* --until ticket`/,
      ),
    });
    await folder.store.write('result.json', '{');
    await expect(folder.readResult()).rejects.toMatchObject({
      code: 'BAD_RUN',
      message: expect.stringContaining('memory:/result.json is not readable JSON'),
    });
  });
});
