import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import models, { initialize } from '@winnow/models';
import { kl } from '@winnow/objectives';
import {
  type Batch,
  ComponentRegistry,
  type ImageSource,
  type Network,
  type Objective,
  type RandomStream,
} from '@winnow/plugin-api';
import { type Scalar, randomStreams, vectors } from '@winnow/tensor-backend';
import { quickBackendsHere } from '@winnow/tensor-backend/node';
import { hashed, relativeError } from '@winnow/golden';
import { batchParts } from './batch-parts.ts';
import { cts } from './cts.ts';
import { MaskSearch } from './mask-search.ts';
import { GradBalance } from './sparsity-control.ts';

const SIDE = 8;
const DENSITY = 0.3;

function batchOf(size: number, seed: number): Batch {
  const labels = Int32Array.from(hashed(size, seed + 1, 0, 10), Math.floor);
  return {
    images: tf.tensor4d(hashed(size * SIDE * SIDE * 3, seed, -1.7, 1.7), [size, SIDE, SIDE, 3]),
    labels: tf.tensor1d(labels, 'int32'),
  };
}

/** KL that tells its double beside it. */
const telling: Objective = {
  ...kl,
  evaluate(given) {
    const value = kl.evaluate(given) as tf.Scalar;
    return { value, terms: { double: tf.mul(value, 2) } };
  },
};

const labelsOf = (parts: readonly { batch: Batch }[]) =>
  parts.map(({ batch }) => [...batch.labels.dataSync()]);

it('has a batch for each mask of a step, or is refused before anything is trained', () => {
  const prepared = (masks: number, batchSize: number, images: number) => {
    const train = { length: images } as ImageSource;
    const dataset = { train, validation: train, classes: 10 };
    const setting = { network: {} as Network, dataset, density: DENSITY, batchSize };
    return () => cts.prepare!(setting, { masks });
  };
  expect(prepared(16, 32, 100)).not.toThrow();
  expect(prepared(17, 32, 100)).toThrow('Batches of 32 have no two examples for each of 17 masks.');
  expect(prepared(17, 512, 33)).toThrow('Batches of 33 have no two examples for each of 17 masks.');
  expect(prepared(1, 1, 1)).not.toThrow();
});

describe.each(quickBackendsHere())('masks of a step on $name', (backend) => {
  beforeAll(() => backend.start());

  it('cuts a batch into parts in order, whose lengths differ by one at most', () => {
    const images = tf.zeros<tf.Rank.R4>([7, 1, 1, 1]);
    const batch = { images, labels: tf.tensor1d([0, 1, 2, 3, 4, 5, 6], 'int32') };
    tf.tidy(() => {
      expect(labelsOf(batchParts({ batch }, 1))).toEqual([[0, 1, 2, 3, 4, 5, 6]]);
      expect(labelsOf(batchParts({ batch }, 3))).toEqual([
        [0, 1],
        [2, 3],
        [4, 5, 6],
      ]);
      expect(labelsOf(batchParts({ batch }, 8))).toEqual(labelsOf(batchParts({ batch }, 3)));
      // Three held-out images have not two for each of two parts: each has them all.
      const heldOut = { images: tf.slice(images, 0, 3), labels: tf.slice(batch.labels, 0, 3) };
      const held = batchParts({ batch, heldOut }, 2).map((one) => ({ batch: one.heldOut! }));
      expect(labelsOf(held)).toEqual([
        [0, 1, 2],
        [0, 1, 2],
      ]);
      const [first, second] = batchParts({ batch, next: batch }, 2);
      expect(labelsOf([{ batch: first!.next! }, { batch: second!.next! }])).toEqual([
        [0, 1, 2],
        [3, 4, 5, 6],
      ]);
    });
    tf.dispose([images, batch.labels]);
  });

  it('average what each finds on its part, norms too', () => {
    const network = new ComponentRegistry(models.components)
      .get('model', 'resnet8')
      .build({ height: SIDE, width: SIDE, channels: 3 }, 10, {});
    const streams = randomStreams(3);
    const parameters = initialize(network, streams('initialisation'));
    const noise = streams('mask-noise');
    const first = 40;
    /** One step along the task's gradient alone, whose tenth Adam's mean then is. */
    const stepOn = (
      batch: Batch,
      step: number,
      masks?: number,
      draw = (index: number) => index,
    ) => {
      const norms: number[] = [];
      const control = new GradBalance(DENSITY);
      control.weigh = (norm: Scalar) => {
        norms.push(vectors().scalars.read([norm]).now()[0]!);
        return vectors().scalars.of(0);
      };
      const uniforms: RandomStream['uniforms'] = (count, index) =>
        noise.uniforms(count, draw(index));
      const search = new MaskSearch({
        ...{ network, parameters, objective: telling, control, densityOf: () => DENSITY },
        random: () => ({ ...noise, uniforms }),
        ...(masks && { masks }),
      });
      const { value, terms } = search.step({ batch, step }, 0.1).now();
      const mean = Float32Array.from(search.adam.mean.read());
      search.dispose();
      return { value, terms, norm: norms[0]!, mean };
    };
    const batch = batchOf(12, 5);
    const before = tf.memory().numTensors;
    const both = stepOn(batch, first / 2, 2);
    expect(tf.memory().numTensors).toBe(before);
    const halves = [0, 6].map((from, i) => {
      const images = tf.slice(batch.images, from, 6);
      const labels = tf.slice(batch.labels, from, 6);
      return stepOn({ images, labels }, first / 2, undefined, () => first + i);
    });
    const mean = (of: (half: (typeof halves)[0]) => number) =>
      (of(halves[0]!) + of(halves[1]!)) / 2;
    expect(relativeError([both.value], [mean(({ value }) => value)])).toBeLessThan(1e-5);
    expect(relativeError([both.norm], [mean(({ norm }) => norm)])).toBeLessThan(1e-5);
    expect(relativeError([both.terms['double']!], [2 * both.value])).toBeLessThan(1e-6);
    const expected = both.mean.map((_, i) => mean((half) => half.mean[i]!));
    expect(relativeError(both.mean, expected)).toBeLessThan(1e-5);
    // The halves pull apart, so the norm of the mean is another one.
    const norm = Math.hypot(...both.mean);
    expect(norm).toBeLessThan(0.9 * mean((half) => Math.hypot(...half.mean)));
  });
});
