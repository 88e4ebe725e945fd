import { beforeAll, describe, expect, it } from '@jest/globals';
import { cpu } from '@winnow/tensor-backend';
import { METRICS } from './metrics-log.ts';
import { RunFolder } from './run-folder.ts';
import { memoryRunStore } from './store/memory-run-store.ts';
import { attemptToy, planToy } from './testing/toy-run.ts';

beforeAll(() => cpu.start());

const linesOf = async (folder: RunFolder) =>
  new TextDecoder().decode(await folder.store.read(METRICS)).split('\n');

describe('a folder that is worked in', () => {
  it('takes one of two that begin at once, and tells the other', async () => {
    const plan = await planToy({ start: 'rewind', options: { searchEpochs: 1 } });
    const alone = new RunFolder(memoryRunStore());
    await attemptToy(plan, alone);
    for (let round = 0; round < 5; round++) {
      const folder = new RunFolder(memoryRunStore());
      const outcomes = await Promise.allSettled([
        attemptToy(plan, folder, { checkpointSeconds: 0 }),
        attemptToy(plan, folder, { checkpointSeconds: 0 }),
      ]);
      const failed = outcomes.flatMap((it) =>
        it.status === 'rejected' ? [it.reason as Error] : [],
      );
      expect(failed).toEqual([expect.objectContaining({ code: 'RUN_IN_USE' })]);
      expect(await linesOf(folder)).toEqual(await linesOf(alone));
    }
  });

  it('is free again when the run is interrupted or has failed', async () => {
    const plan = await planToy({ options: { searchEpochs: 1 } });
    const folder = new RunFolder(memoryRunStore());
    await attemptToy(plan, folder, { stopAfter: 2 });
    const observer = {
      on: () => {
        throw new Error('failed');
      },
    };
    await expect(attemptToy(plan, folder, { observer })).rejects.toThrow('failed');
    expect((await attemptToy(plan, folder)).result).toBeDefined();
  });

  it('tells the result of a run that is finished, whoever works there', async () => {
    const plan = await planToy({ options: { searchEpochs: 1 } });
    const folder = new RunFolder(memoryRunStore());
    const { result } = await attemptToy(plan, folder);
    const lock = await folder.store.lock();
    expect((await attemptToy(plan, folder)).result).toEqual(result);
    await lock.release();
  });
});
