import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Batch,
  type NamedTensors,
  type Network,
  type Objective,
  type ObjectiveInput,
  type ObjectiveValue,
  defineObjective,
} from '@winnow/plugin-api';
import { cpu } from '@winnow/tensor-backend';
import { type EvaluationSetting, differentiateObjective, objectiveOn } from './objective-on.ts';

/** Logits [n, 2] = images [n, 1] · w [1, 2], which it shows as "product" beforehand. */
let passes = 0;
const network = {
  name: 'line',
  parameters: [{ name: 'w', prunable: true }],
  forward(parameters: NamedTensors, images: tf.Tensor4D, { mask, capture }: Options = {}) {
    passes++;
    const w = mask ? tf.mul(parameters['w']!, mask['w']!) : parameters['w']!;
    const logits = tf.matMul(tf.reshape(images, [-1, 1]), w);
    capture?.(logits, 'product');
    return logits;
  },
} as unknown as Network;
type Options = NonNullable<Parameters<Network['forward']>[2]>;

const batchOf = (...images: number[]): Batch => ({
  images: tf.tensor4d(images, [images.length, 1, 1, 1]),
  labels: tf.zeros([images.length], 'int32'),
});
const setting = (): EvaluationSetting => ({
  network,
  parameters: { w: tf.tensor2d([3, 5], [1, 2]) },
  batch: batchOf(1, 2),
});
const objectiveOf = (
  evaluate: (input: ObjectiveInput) => unknown,
  needs: Objective['needs'] = [],
): Objective =>
  defineObjective({
    name: 'mine',
    summary: '',
    needs,
    lossScale: 1,
    stationaryAtDense: false,
    evaluate: evaluate as (input: ObjectiveInput) => ObjectiveValue,
  });
const half = () => ({ w: tf.tensor2d([0.5, 0], [1, 2]) });

describe(objectiveOn, () => {
  beforeAll(() => cpu.start());

  it('shows the network, the mask, the step, a stream of its own, activations by name', () => {
    tf.tidy(() => {
      let seen: ObjectiveInput | undefined;
      const objective = objectiveOf((input) => {
        seen = input;
        return tf.sum(input.sparse.logits());
      });
      const given = setting();
      const mask = half();
      const { value, terms } = objectiveOn({ ...given, step: 7, epoch: 2 })(objective, mask);
      // (1 + 2) · 3 · 0.5
      expect([value.dataSync()[0], terms]).toEqual([4.5, {}]);
      expect(seen).toMatchObject({ network, mask, step: 7, epoch: 2, prunable: ['w'] });
      expect(seen!.parameters).toBe(given.parameters);
      expect([...seen!.sparse.activations()].map(([name, x]) => [name, x.arraySync()])).toEqual([
        [
          'product',
          [
            [1.5, 0],
            [3, 0],
          ],
        ],
      ]);
      expect(seen!.dense.activations().get('product')!.arraySync()).toEqual([
        [3, 5],
        [6, 10],
      ]);
      expect(seen!.random.uniforms(3, 1)).toEqual(seen!.random.uniforms(3, 1));
    });
  });

  it('has second batches for those who ask, and computes nothing on them before', () => {
    tf.tidy(() => {
      const both = objectiveOf(
        ({ heldOut, next }) =>
          tf.add(tf.sum(heldOut().sparse.logits()), tf.sum(next().dense.logits())),
        ['held-out-batch', 'next-batch'],
      );
      const more = { ...setting(), heldOut: batchOf(10), next: batchOf(100) };
      // 10 · 3 · 0.5 under the mask, and 100 · (3 + 5) without.
      expect(objectiveOn(more)(both, half()).value.dataSync()[0]).toBe(815);
      const before = passes;
      const twice = objectiveOf(
        ({ heldOut }) => {
          void heldOut().dense.logits();
          return tf.sum(tf.sub(heldOut().sparse.logits(), heldOut().dense.logits()));
        },
        ['held-out-batch'],
      );
      const on = objectiveOn(more);
      for (const mask of [half(), half()]) on(twice, mask);
      // Two of the sparse network, one of the dense.
      expect(passes - before).toBe(3);
      const silent = objectiveOf(({ heldOut }) => heldOut().sparse.logits());
      expect(() => objectiveOn(more)(silent, undefined)).toThrow(
        'Objective "mine" asks for a second batch without saying so. Its needs must name "held-out-batch".',
      );
      expect(() => objectiveOn({ ...more, heldOut: undefined })(both, undefined)).toThrow(
        'Objective "mine" needs a second batch, and got none. Its needs name "held-out-batch"',
      );
    });
  });

  it.each([
    [() => tf.zeros([2, 3]), 'a tensor of shape [2, 3]'],
    [() => 1, '1'],
    [() => undefined, 'undefined'],
    [() => null, 'null'],
    [() => Promise.resolve(tf.scalar(1)), 'a promise, which no gradient can be taken of'],
    [() => ({ value: 3, terms: {} }), '3'],
    [
      () => ({ value: tf.scalar(1), terms: { fit: tf.zeros([2]) } }),
      'a tensor of shape [2] as its term "fit"',
    ],
  ])('refuses what is no scalar', (evaluate, shown) => {
    tf.tidy(() => {
      expect(() => objectiveOn(setting())(objectiveOf(evaluate), undefined)).toThrow(
        `Objective "mine" returned ${shown}. Its evaluate() must`,
      );
    });
  });
});

describe(differentiateObjective, () => {
  it('reads value and terms together, and differentiates the value alone', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const objective = objectiveOf(({ sparse, mask }) => {
        const fit = tf.sum(sparse.logits());
        const size = tf.sum(mask!['w']!);
        const parts = tf.scalar(2, 'int32');
        return { value: tf.add(fit, tf.mul(10, size)), terms: { fit, size, parts } };
      });
      const evaluate = objectiveOn(setting());
      const result = differentiateObjective(
        objective,
        network,
        (m) => evaluate(objective, { w: tf.reshape(m, [1, 2]) }),
        tf.tensor1d([0.5, 1]),
      );
      // The logits sum to 3 · (3 · 0.5 + 5 · 1).
      expect(result.value).toBe(19.5 + 15);
      expect(result.terms).toEqual({ fit: 19.5, size: 1.5, parts: 2 });
      expect([...result.gradient.dataSync()]).toEqual([3 * 3 + 10, 3 * 5 + 10]);
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
