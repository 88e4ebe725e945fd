import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { arraySource } from '@winnow/data';
import { leaveOut } from '@winnow/models';
import type { Network, PrunerDescriptor, ScoringInput } from '@winnow/plugin-api';
import { cpu } from '@winnow/tensor-backend';
import { findTicket } from './find-ticket.ts';
import type { TicketSearch } from './ticket-search.ts';
import { lamp } from './lamp.ts';
import { magnitude } from './magnitude.ts';
import { random } from './random.ts';

const initializer = { kind: 'constant', value: 0 } as const;
const shape = { height: 1, width: 1, channels: 1 };
const network = {
  name: 'two-layers',
  input: shape,
  classes: 2,
  parameters: [
    { name: 'a', shape: [2, 3], prunable: true, initializer, usesPerImage: 1 },
    { name: 'bias', shape: [2], prunable: false, initializer, usesPerImage: 1 },
    { name: 'b', shape: [4], prunable: true, initializer, usesPerImage: 1 },
  ],
} as unknown as Network;
const train = arraySource({ pixels: new Float32Array(2), labels: Int32Array.of(0, 1), shape });
const recipe = {
  learningRate: 0.1,
  epochs: 1,
  dropEpochs: [],
  warmupEpochs: 0,
  weightDecay: 0,
  batchSize: 2,
};

async function masks(
  pruner: PrunerDescriptor,
  scope: string,
  density: number,
  changes: Partial<TicketSearch> = {},
) {
  const parameters = {
    a: tf.tensor2d([3, -9, 1, -1, 5, 0.5], [2, 3]),
    bias: tf.tensor1d([100, 100]),
    b: tf.tensor1d([-10, 2, 7, 1]),
  };
  const options = { scope };
  const search = { network, parameters, train, recipe, density, options, ...changes };
  const ticket = await findTicket(pruner, search);
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

  it('LAMP keeps what is large beside what is larger in its layer', async () => {
    // 9/115, 1, 1/116, 1/117, 25/106, 0.25/117.25 of a, and 1, 4/153, 49/149, 1/154 of b.
    expect(await masks(lamp, 'global', 0.3)).toEqual({ a: [0, 1, 0, 0, 0, 0], b: [1, 0, 1, 0] });
    expect(await masks(lamp, 'global', 0.5)).toEqual({ a: [1, 1, 0, 0, 1, 0], b: [1, 0, 1, 0] });
  });

  it('LAMP is 0 all over a layer of zeros', async () => {
    const weights = Float32Array.of(0, 0, 0, 0, 0, 0, 1, 0, 0, 0);
    const input = { network, weights } as Partial<ScoringInput> as ScoringInput;
    expect([...(await lamp.scoring!({}).score(input))]).toEqual([...weights]);
  });

  it('magnitude by layer keeps the same share of each', async () => {
    // 1.8 and 1.2, then 3.6 and 2.4.
    expect(await masks(magnitude, 'layer', 0.3)).toEqual({
      a: [0, 1, 0, 0, 1, 0],
      b: [1, 0, 0, 0],
    });
    expect(await masks(magnitude, 'layer', 0.6)).toEqual({
      a: [1, 1, 1, 0, 1, 0],
      b: [1, 0, 1, 0],
    });
    expect(await masks(magnitude, 'global', 0.3)).toEqual({
      a: [0, 1, 0, 0, 0, 0],
      b: [1, 0, 1, 0],
    });
  });

  it('magnitude by Erdős–Rényi-kernel shares goes with the sum of the shape', async () => {
    // In proportion 2 + 3 to 4: of three 1.7 and 1.3, of six 3.3 and 2.7.
    expect(await masks(magnitude, 'erk', 0.3)).toEqual({
      a: [0, 1, 0, 0, 1, 0],
      b: [1, 0, 0, 0],
    });
    expect(await masks(magnitude, 'erk', 0.6)).toEqual({
      a: [1, 1, 0, 0, 1, 0],
      b: [1, 1, 1, 0],
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
    const others = await Promise.all(
      [2, 3, 4].map((seed) => masks(random, 'global', 0.35, { seed })),
    );
    expect(others).not.toEqual([one, one, one]);
  });

  it('leaves layers out: they have no mask, and do not count', async () => {
    const changes = { network: leaveOut(network, ['b']) };
    // ⌊0.4 · 6⌋ = 2 of the first layer alone.
    expect(await masks(magnitude, 'global', 0.4, changes)).toEqual({ a: [0, 1, 0, 0, 1, 0] });
  });

  it('keeps of a layer what was chosen for it, and the rest of ⌊κd⌋ elsewhere', async () => {
    // Of b ⌊0.75 · 4⌋ = 3, and so one of a.
    const one = { layerDensities: { b: 0.75 } };
    const expected = { a: [0, 1, 0, 0, 0, 0], b: [1, 1, 1, 0] };
    expect(await masks(magnitude, 'global', 0.4, one)).toEqual(expected);
    expect(await masks(magnitude, 'layer', 0.4, one)).toEqual(expected);
    const options = { scope: 'global', iterations: 3 };
    expect(await masks(magnitude, 'global', 0.4, { ...one, options })).toEqual(expected);
    const all = { layerDensities: { '*': 1, a: 0.5 } };
    expect(await masks(magnitude, 'global', 0.7, all)).toEqual({
      a: [1, 1, 0, 0, 1, 0],
      b: [1, 1, 1, 1],
    });
  });

  it.each([
    [{ layerDensities: { c: 0.5 } }, 'BAD_LAYER'],
    [{ layerDensities: { b: 1 } }, 'LAYER_DENSITY'],
    [{ layerDensities: { '*': 0.5 } }, 'LAYER_DENSITY'],
    [{ density: 0.9, layerDensities: { b: 0.25 } }, 'LAYER_DENSITY'],
    [{ layerDensities: { b: 2 } }, 'BAD_DENSITY'],
    [{ layerDensities: { b: '0.5' as unknown as number } }, 'BAD_DENSITY'],
  ])('refuses %j with %s', async (changes, code) => {
    await expect(masks(magnitude, 'global', 0.3, changes)).rejects.toMatchObject({ code });
  });
});
