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
