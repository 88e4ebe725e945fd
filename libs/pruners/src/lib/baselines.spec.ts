import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import type { Network, PrunerContext, PrunerDescriptor } from '@winnow/plugin-api';
import { cpu, randomStreams } from '@winnow/tensor-backend';
import { magnitude } from './magnitude.ts';
import { random } from './random.ts';

const initializer = { kind: 'constant', value: 0 } as const;
const network = {
  name: 'two-layers',
  parameters: [
    { name: 'a', shape: [2, 3], prunable: true, initializer, usesPerImage: 1 },
    { name: 'bias', shape: [2], prunable: false, initializer, usesPerImage: 1 },
    { name: 'b', shape: [4], prunable: true, initializer, usesPerImage: 1 },
  ],
} as unknown as Network;

async function masks(pruner: PrunerDescriptor, scope: string, density: number, seed = 1) {
  const parameters = {
    a: tf.tensor2d([3, -9, 1, -1, 5, 0.5], [2, 3]),
    bias: tf.tensor1d([100, 100]),
    b: tf.tensor1d([-10, 2, 7, 1]),
  };
  const context = {
    network,
    parameters,
    density,
    seed,
    random: randomStreams(seed),
    weightsHash: '',
  } as unknown as PrunerContext;
  const ticket = await pruner.findTicket(context, { scope });
  tf.dispose(Object.values(parameters));
  return Object.fromEntries([...ticket.layers].map(([name, { kept }]) => [name, [...kept]]));
}

describe('baselines', () => {
  beforeAll(() => cpu.start());

  it('magnitude keeps the largest of all layers, and ties go low', async () => {
    expect(await masks(magnitude, 'global', 0.4)).toEqual({
      a: [0, 1, 0, 0, 1, 0],
      b: [1, 0, 1, 0],
    });
    // Of the three weights of size 1 the first two are kept.
    expect(await masks(magnitude, 'global', 0.8)).toEqual({
      a: [1, 1, 1, 1, 1, 0],
      b: [1, 1, 1, 0],
    });
  });

  it('magnitude by layer keeps the same share of each', async () => {
    expect(await masks(magnitude, 'layer', 0.5)).toEqual({
      a: [1, 1, 0, 0, 1, 0],
      b: [1, 0, 1, 0],
    });
  });

  it('magnitude by Erdős–Rényi-kernel shares goes with the sum of the shape', async () => {
    // Five of ten in proportion 2 + 3 to 4: 2.8 and 2.2, so three and two.
    expect(await masks(magnitude, 'erk', 0.5)).toEqual({
      a: [1, 1, 0, 0, 1, 0],
      b: [1, 0, 1, 0],
    });
  });

  it('random keeps as many, repeats for a seed and differs between seeds', async () => {
    const kept = (m: Record<string, number[]>) =>
      Object.values(m)
        .flat()
        .reduce((x, y) => x + y);
    const one = await masks(random, 'global', 0.35);
    expect(kept(one)).toBe(3);
    expect(await masks(random, 'global', 0.35)).toEqual(one);
    const others = await Promise.all([2, 3, 4].map((seed) => masks(random, 'global', 0.35, seed)));
    expect(others).not.toEqual([one, one, one]);
  });
});
