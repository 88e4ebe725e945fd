import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import objectives from '@winnow/objectives';
import { ComponentRegistry, type Objective, defineObjective } from '@winnow/plugin-api';
import { objectiveConformance } from './objective-conformance.ts';

const builtIn = new ComponentRegistry(objectives.components).all('objective');

describe.each(builtIn.map((objective) => [objective.name, objective] as const))(
  '%s',
  (_, objective) => {
    for (const { name, run } of objectiveConformance(objective)) it(name, run);
  },
);

const loss = builtIn.find(({ name }) => name === 'loss')!;
const faulty = (changes: Partial<Objective>) =>
  defineObjective({ ...loss, name: 'faulty', ...changes });
const kept: tf.Tensor[] = [];

const firstLayer = defineObjective({
  ...loss,
  name: 'first-layer',
  stationaryAtDense: true,
  evaluate: ({ sparse, dense }) =>
    tf.mean(tf.squaredDifference(sparse.features()[0]!, dense.features()[0]!)),
});

// van den Oord et al., arXiv 1807.03748: each image's logits should be nearest to its own of the dense network.
const contrastive = defineObjective({
  ...loss,
  name: 'contrastive',
  evaluate: ({ sparse, dense }) => {
    const likeness = tf.matMul<tf.Tensor2D>(sparse.logits(), dense.logits(), false, true);
    const own = tf.range(0, likeness.shape[0], 1, 'int32');
    return tf.mean(tf.sub(tf.logSumExp(likeness, 1), tf.gather(likeness, own, 1, 1)));
  },
});

describe('an objective of pairs of images', () => {
  for (const { name, run } of objectiveConformance(contrastive)) it(name, run);
});

describe('an objective that not every layer matters to', () => {
  for (const { name, run } of objectiveConformance(firstLayer)) it(name, run);
});

describe('objectiveConformance finds', () => {
  it.each<[fault: string, objective: Objective, failing: RegExp]>([
    ['a name of two words', faulty({ name: 'My loss' }), /^says/],
    ['a loss scale of 0', faulty({ lossScale: 0 }), /^says/],
    ['NaN', faulty({ evaluate: () => tf.scalar(NaN) }), /^is a finite scalar/],
    [
      'a vector',
      faulty({ evaluate: ({ sparse }) => tf.mean(sparse.logits(), 1) }),
      /^is a finite scalar/,
    ],
    [
      'a gradient cut off',
      faulty({
        evaluate: (input) => {
          const value = loss.evaluate(input);
          return tf.add(value, tf.scalar(value.dataSync()[0]!));
        },
      }),
      /^has the gradient/,
    ],
    [
      'a weight for the first example',
      faulty({ evaluate: ({ sparse }) => tf.mean(tf.slice(sparse.logits(), [0, 0], [1, 3])) }),
      /^does not depend/,
    ],
    ['a value that no mask changes', faulty({ evaluate: () => tf.scalar(1) }), /^has the gradient/],
    [
      'an accuracy',
      faulty({
        evaluate: ({ sparse, batch }) =>
          tf.mean(tf.cast(tf.notEqual(tf.argMax(sparse.logits(), 1), batch.labels), 'float32')),
      }),
      /^has the gradient/,
    ],
    [
      'a small sum over the batch',
      faulty({ evaluate: ({ sparse }) => tf.mul(1e-6, tf.sum(tf.square(sparse.logits()))) }),
      /^is a mean/,
    ],
    ['a false claim of being stationary', faulty({ stationaryAtDense: true }), /^is smallest/],
    [
      'a tensor kept',
      faulty({
        evaluate: (input) => {
          kept.push(tf.keep(tf.scalar(1)));
          return loss.evaluate(input);
        },
      }),
      /./,
    ],
  ])('%s', async (_, objective, failing) => {
    const failed: string[] = [];
    for (const { name, run } of objectiveConformance(objective))
      await run().catch(() => failed.push(name));
    expect(failed.filter((name) => failing.test(name))).not.toEqual([]);
    tf.dispose(kept.splice(0));
  });
});
