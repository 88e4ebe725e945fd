import { beforeAll, beforeEach, expect, it } from '@jest/globals';
import { cpu } from '@winnow/tensor-backend';
import { StoredCheckpoints } from '@winnow/training';
import { runPhase } from './phase-runner.ts';
import type { PeakMemory } from './peak-memory.ts';
import { RunFolder } from './run-folder.ts';
import { memoryRunStore } from './store/memory-run-store.ts';
import { planToy } from './testing/toy-run.ts';

beforeAll(() => cpu.start());

let folder: RunFolder;
let now: number;
beforeEach(async () => {
  folder = new RunFolder(memoryRunStore());
  await folder.claim((await planToy({})).config);
  now = 0;
});

const setting = { checkpointSeconds: 0, clock: () => now };
const state = { arrays: { weights: Float32Array.of(1) }, values: { step: 1 } };
const broken = { arrays: {}, values: { step: 2n } };

it('counts the seconds of the saved state alone where a process ends before the next is saved', async () => {
  const killed = runPhase(folder, 'search', setting, async ({ checkpoints }) => {
    await checkpoints.load();
    now += 5000;
    await checkpoints.save(state);
    now += 20_000;
    // JSON has no place for it, so that the file is never written.
    await checkpoints.save(broken);
  });
  await expect(killed).rejects.toThrow(TypeError);
  const kept = await new StoredCheckpoints(folder.checkpoint('search'), 0).load();
  expect(kept!.values['seconds']).toBe(5);
  expect((await folder.readTimings()).search).toBe(5);

  await runPhase(folder, 'search', setting, async ({ checkpoints }) => {
    expect((await checkpoints.load())!.values['step']).toBe(1);
    now += 2000;
  });
  expect((await folder.readTimings()).search).toBe(7);
});

it('keeps how far it is with its state', async () => {
  const report = { step: 3, steps: 8, epoch: 1, epochs: 4 };
  const work: Parameters<typeof runPhase>[3] = async ({ checkpoints, progress }) => {
    await checkpoints.load();
    await checkpoints.save(state);
    expect(await folder.readProgress()).toBeUndefined();
    progress({ ...report, images: 5, values: { loss: 2 } });
    await checkpoints.save(state);
  };
  const { finish } = await runPhase(folder, 'search', setting, work);
  expect(await folder.readProgress()).toEqual(
    expect.objectContaining({ phase: 'search', ...report }),
  );
  await finish();
  expect(await folder.readProgress()).toBeUndefined();
});

it('records the most memory that any process of the run has had', async () => {
  const inPhase = (phase: 'search' | 'train', peak: PeakMemory) =>
    runPhase(folder, phase, { ...setting, peakMemory: () => peak }, () => Promise.resolve());
  expect(await folder.readPeakMemory()).toBeUndefined();
  await inPhase('search', { bytes: 3e8 });
  await inPhase('train', { bytes: 2e8 });
  expect(await folder.readPeakMemory()).toMatchObject({ bytes: 3e8 });
  // Gone on with on a device.
  await inPhase('train', { bytes: 1e8, deviceBytes: 5e7 });
  expect(await folder.readPeakMemory()).toMatchObject({ bytes: 3e8, deviceBytes: 5e7 });
  await inPhase('train', { bytes: 4e8, deviceBytes: 4e7 });
  expect(await folder.readPeakMemory()).toMatchObject({ bytes: 4e8, deviceBytes: 5e7 });
});

it('starts from nothing where no state was saved', async () => {
  await folder.writeTimings({ pretrain: 7, search: 1e6, train: 0, evaluate: 0 });
  await runPhase(folder, 'search', setting, async ({ checkpoints }) => checkpoints.load());
  expect(await folder.readTimings()).toEqual({ pretrain: 7, search: 0, train: 0, evaluate: 0 });
});
