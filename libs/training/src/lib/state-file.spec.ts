import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Checkpoints } from '@winnow/plugin-api';
import { FileCheckpoints } from './file-checkpoints.ts';
import { MemoryCheckpoints } from './memory-checkpoints.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-state-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('is due so long after the last by the clock it was given', async () => {
  let now = 5;
  const checkpoints = new FileCheckpoints(join(folder, 'due.safetensors'), 10, () => now);
  const due = (at: number) => {
    now = at;
    return checkpoints.due();
  };
  expect([due(14), due(15), due(20)]).toEqual([false, true, true]);
  await checkpoints.save({ arrays: {}, values: {} });
  expect([due(29), due(30)]).toEqual([false, true]);
  await checkpoints.clear();
  expect(await checkpoints.load()).toBeUndefined();
});

describe.each<[string, () => Checkpoints]>([
  ['a file', () => new FileCheckpoints(join(folder, 'state.safetensors'), 1000)],
  ['memory', () => new MemoryCheckpoints()],
])('a checkpoint in %s', (_, open) => {
  it('keeps arrays as they were, and of values what JSON does', async () => {
    const checkpoints = open();
    expect(await checkpoints.load()).toBeUndefined();
    const x = Float32Array.of(0.1, -0, Infinity);
    const none = new Float32Array();
    const values = { step: 3, name: 'é', parts: [1, { two: 2 }], lost: new Set([1]) };
    await checkpoints.save({ arrays: { x, none }, values });
    x.fill(7);
    values.parts.push(4);
    const loaded = await checkpoints.load();
    expect(loaded).toEqual({
      arrays: { x: Float32Array.of(0.1, -0, Infinity), none },
      values: { step: 3, name: 'é', parts: [1, { two: 2 }], lost: {} },
    });
    loaded!.arrays['x']!.fill(8);
    expect((await checkpoints.load())!.arrays['x']![1]).toBe(-0);
  });
});
