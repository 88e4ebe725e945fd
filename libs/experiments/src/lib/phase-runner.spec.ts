import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { FileCheckpoints } from '@winnow/training/files';
import { runPhase } from './phase-runner.ts';
import { RunFolder } from './run-folder.ts';

let folder: RunFolder;
beforeEach(async () => {
  folder = new RunFolder(await mkdtemp(join(tmpdir(), 'winnow-phase-')));
  await mkdir(folder.file('checkpoint'));
});
afterEach(() => rm(folder.path, { recursive: true }));

const setting = { onProgress: () => {}, checkpointSeconds: 0 };
const state = { arrays: { weights: Float32Array.of(1) }, values: { step: 1 } };
const broken = { arrays: {}, values: { step: 2n } };

it('counts the seconds of the saved state alone where a process ends before the next is saved', async () => {
  const killed = runPhase(folder, 'search', setting, async ({ checkpoints }) => {
    await checkpoints.load();
    await setTimeout(5);
    await checkpoints.save(state);
    await setTimeout(20);
    // JSON has no place for it, so that the file is never written.
    await checkpoints.save(broken);
  });
  await expect(killed).rejects.toThrow(TypeError);
  const kept = await new FileCheckpoints(folder.checkpoint('search'), 0).load();
  const { search } = await folder.readTimings();
  expect(search).toBeGreaterThan(0);
  expect(search).toBe(kept!.values['seconds']);

  await runPhase(folder, 'search', setting, async ({ checkpoints }) => {
    expect((await checkpoints.load())!.values['step']).toBe(1);
  });
  expect((await folder.readTimings()).search).toBeGreaterThan(search);
});

it('starts from nothing where no state was saved', async () => {
  await folder.writeTimings({ pretrain: 7, search: 1e6, train: 0 });
  await runPhase(folder, 'search', setting, async ({ checkpoints }) => checkpoints.load());
  const { pretrain, search } = await folder.readTimings();
  expect(pretrain).toBe(7);
  expect(search).toBeLessThan(1e6);
});
