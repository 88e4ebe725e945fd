import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import models, { Packing } from '@winnow/models';
import { ComponentRegistry, type Network } from '@winnow/plugin-api';
import { wasm } from '@winnow/tensor-backend';
import { backendsHere, engineInUse, native } from '@winnow/tensor-backend/node';
import { hashed, relativeError } from '@winnow/golden';
import { Trainee } from './trainee.ts';

const STANDARD = { name: 'standard', momentum: 0.9, weightDecay: 1e-3, clipNorm: 0.5 } as const;
const AUTHORS = { ...STANDARD, name: 'authors' } as const;
const network = new ComponentRegistry(models.components)
  .get('model', 'resnet8')
  .build({ height: 8, width: 8, channels: 3 }, 10, {});
const packing = new Packing(network.parameters);

function maskOf(density: number): Uint8Array {
  const draws = hashed(packing.size, 1, 0, 1);
  let at = 0;
  return Uint8Array.from(
    network.parameters.flatMap(({ shape, prunable }) =>
      Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
        draws[at++]! < density || !prunable ? 1 : 0,
      ),
    ),
  );
}

/** As they are initialised, but for shifts that keep values away from where a ReLU decides. */
function weights(): Float32Array {
  const packed = new Float32Array(packing.size);
  for (const [i, { shape, data }] of [...packing.views(packed).values()].entries()) {
    const bound = shape.length > 1 ? Math.sqrt(6 / shape.slice(1).reduce((a, b) => a * b, 1)) : 1;
    data.set(hashed(data.length, 10 + i, shape.length > 1 ? -bound : 0.2, bound));
  }
  return packed;
}

function batchOf(images: number, stream: number) {
  const numbers = hashed(images * 8 * 8 * 3, stream, -1.7, 1.7);
  const labels = hashed(images, stream + 1, 0, 10).map(Math.floor);
  return {
    images: tf.tensor4d(numbers, [images, 8, 8, 3]),
    labels: tf.tensor1d(Int32Array.from(labels), 'int32'),
  };
}

/** One that computes by ops, for want of a graph. */
function withoutGraph({ graph: _, ...rest }: Network): Network {
  return rest;
}

(backendsHere().includes(native) ? describe : describe.skip)('a trainee on native', () => {
  beforeAll(() => native.start());
  const made = (
    of: Network,
    mask: Uint8Array | undefined,
    recipe: typeof STANDARD | typeof AUTHORS,
  ) => new Trainee(of, packing, weights(), mask, recipe);

  it('computes by programs with few kept weights, and with many, or for a norm of all, where that is fast', () => {
    const many = /^avx/.test(engineInUse()!.instructions);
    const roads = [
      made(network, maskOf(0.02), STANDARD),
      made(network, maskOf(0.15), STANDARD),
      made(network, maskOf(0.5), STANDARD),
      made(network, undefined, STANDARD),
      made(network, maskOf(0.02), AUTHORS),
      made(withoutGraph(network), maskOf(0.02), STANDARD),
    ];
    expect(roads.map(({ byProgram }) => byProgram)).toEqual([true, true, many, many, many, false]);
    for (const trainee of roads) trainee.dispose();
  });

  it.each([
    [0.0074, STANDARD],
    [0.02, STANDARD],
    [0.1, STANDARD],
    [0.1, AUTHORS],
    [1, STANDARD],
  ])(
    'has after 20 steps at density %d by $name what ops come to, in batches of several sizes',
    (density, recipe) => {
      const mask = density < 1 ? maskOf(density) : undefined;
      const trainees = [network, withoutGraph(network)].map((it) => made(it, mask, recipe));
      const before = tf.memory().numTensors;
      for (let step = 0; step < 20; step++) {
        const batch = batchOf(step % 5 === 4 ? 7 : 20, 100 + 2 * step);
        const [ours, theirs] = trainees.map((trainee) => trainee.step(batch, 0.05).now());
        expect(relativeError([ours!.loss], [theirs!.loss])).toBeLessThan(1e-4);
        expect(relativeError([ours!.gradientNorm], [theirs!.gradientNorm])).toBeLessThan(1e-3);
        tf.dispose([batch.images, batch.labels]);
      }
      expect(tf.memory().numTensors).toBe(before);
      const [ours, theirs] = trainees.map(({ parameters }) => parameters.read());
      expect(relativeError(ours!, theirs!)).toBeLessThan(1e-4);
      expect(ours!.filter((value, i) => mask && !mask[i] && value !== 0)).toHaveLength(0);
      for (const trainee of trainees) trainee.dispose();
    },
  );

  it('saves all parameters, and goes on from what ops have saved', () => {
    const mask = maskOf(0.02);
    const [ours, theirs] = [network, withoutGraph(network)].map((it) => made(it, mask, STANDARD));
    const batch = batchOf(16, 300);
    theirs!.step(batch, 0.05).now();
    ours!.parameters.write(theirs!.parameters.read());
    ours!.velocity.write(theirs!.velocity.read());
    expect(ours!.parameters.size).toBe(packing.size);
    expect(ours!.parameters.read()).toEqual(theirs!.parameters.read());
    expect(ours!.velocity.read()).toEqual(theirs!.velocity.read());
    for (const trainee of [ours!, theirs!]) trainee.step(batch, 0.05).now();
    expect(relativeError(ours!.velocity.read(), theirs!.velocity.read())).toBeLessThan(1e-4);
    expect(ours!.isFinite()).toBe(true);
    ours!.parameters.write(new Float32Array(packing.size).fill(NaN));
    expect(ours!.isFinite()).toBe(false);
    for (const trainee of [ours!, theirs!]) trainee.dispose();
  });
});

describe('a trainee under a ticket on wasm', () => {
  beforeAll(() => wasm.start());

  it('computes by ops', () => {
    const trainee = new Trainee(network, packing, weights(), maskOf(0.02), STANDARD);
    expect(trainee.byProgram).toBe(false);
    trainee.dispose();
  });
});
