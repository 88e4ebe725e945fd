import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { networkOf } from '@winnow/models';
import objectives from '@winnow/objectives';
import { ComponentRegistry, type Objective, defineObjective } from '@winnow/plugin-api';
import { crossEntropy } from '@winnow/tensor-backend';
import { objectiveConformance } from './objective-conformance.ts';

const builtIn = new ComponentRegistry(objectives.components).all('objective');

describe.each(builtIn.map((objective) => [objective.name, objective] as const))(
  '%s',
  (_, objective) => {
    for (const { name, skip, run } of objectiveConformance(objective))
      (skip ? it.skip : it)(name, run);
  },
);

const loss = builtIn.find(({ name }) => name === 'loss')!;
const faulty = (changes: Partial<Objective>) =>
  defineObjective({ ...loss, name: 'faulty', ...changes });
const kept: tf.Tensor[] = [];

it('takes every name that a plugin may give', async () => {
  const [named] = objectiveConformance(faulty({ name: 'KL.v2' }));
  await named!.run();
});

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
  for (const { name, skip, run } of objectiveConformance(contrastive))
    (skip ? it.skip : it)(name, run);
});

describe('an objective that not every layer matters to', () => {
  for (const { name, skip, run } of objectiveConformance(firstLayer))
    (skip ? it.skip : it)(name, run);
});

/** Where a network looks, by image: Σ_c a² of its feature maps, of length 1. */
const attention = (maps: tf.Tensor) => {
  const energy = tf.sum(tf.square(maps), -1);
  const rows = tf.reshape<tf.Rank.R2>(energy, [energy.shape[0], -1]);
  return tf.div(rows, tf.norm(rows, 'euclidean', 1, true));
};

// Zagoruyko and Komodakis, arXiv 1612.03928, eq. 2, over the feature maps alone.
const attentionTransfer = defineObjective({
  ...loss,
  name: 'attention-transfer',
  stationaryAtDense: true,
  needs: ['activations'],
  evaluate({ sparse, dense }) {
    const distances = [...sparse.activations()].flatMap(([name, maps]) => {
      if (maps.rank !== 4) return [];
      const other = dense.activations().get(name)!;
      return [tf.mean(tf.squaredDifference(attention(maps), attention(other)))];
    });
    return tf.addN(distances);
  },
});

const otherBatches = defineObjective({
  ...loss,
  name: 'other-batches',
  needs: ['held-out-batch', 'next-batch'],
  evaluate(input) {
    const [here, heldOut, next] = [input, input.heldOut(), input.next()].map(({ batch, sparse }) =>
      crossEntropy(sparse.logits(), batch.labels),
    ) as [tf.Scalar, tf.Scalar, tf.Scalar];
    return { value: tf.addN([here, heldOut, next]), terms: { heldOut, next } };
  },
});

describe.each([
  ['activations', attentionTransfer],
  ['other batches', otherBatches],
] as const)('an objective that needs %s', (_, objective) => {
  for (const { name, skip, run } of objectiveConformance(objective))
    (skip ? it.skip : it)(name, run);
});

describe('a network of the caller', () => {
  const own = () =>
    networkOf(
      ({ kernel, head }, images, capture) => {
        const x = tf.conv2d(images, kernel, 2, 'same');
        const bent = capture(tf.mul(x, tf.sigmoid(x)), 'maps');
        return tf.matMul(tf.reshape(bent, [images.shape[0], -1]), head);
      },
      {
        kernel: { shape: [3, 3, 2, 3], initializer: { kind: 'normal', std: 0.4 } },
        head: { shape: [3 * 3 * 3, 5], initializer: { kind: 'normal', std: 0.3 } },
      },
      { input: { height: 5, width: 6, channels: 2 } },
    );
  for (const objective of [...builtIn, attentionTransfer])
    for (const { name, skip, run } of objectiveConformance(objective, { network: own }))
      (skip ? it.skip : it)(`${objective.name} ${name}`, run);

  it('is tried with its own parameters, images and classes', async () => {
    const seen: unknown[] = [];
    const watching = defineObjective({
      ...loss,
      evaluate(input) {
        const { batch, parameters, prunable, sparse } = input;
        seen.push([
          ...[batch.images.shape.slice(1), sparse.logits().shape[1], prunable],
          Math.max(...batch.labels.dataSync()),
          parameters['head']!.dataSync()[0],
        ]);
        return loss.evaluate(input);
      },
    });
    const [, finite] = objectiveConformance(watching, {
      network: own,
      parameters: () => ({ kernel: tf.ones([3, 3, 2, 3]), head: tf.fill([27, 5], 0.25) }),
    });
    await finite!.run();
    expect(seen).toEqual(
      Array.from({ length: 3 * 4 }, () => [[5, 6, 2], 5, ['kernel', 'head'], 4, 0.25]),
    );
  });
});

it('says why an objective that needs a synaptic flow is not tried on the toy', () => {
  const flowing = defineObjective({ ...loss, needs: ['synaptic-flow'] });
  const [says, ...others] = objectiveConformance(flowing);
  expect(says!.skip).toBeUndefined();
  for (const { skip } of others)
    expect(skip).toMatch(/^the toy network has no synaptic flow|^it does not say/);
});

describe('objectiveConformance finds', () => {
  it.each<[fault: string, objective: Objective, failing: RegExp]>([
    ['a name of two words', faulty({ name: 'My loss' }), /^says/],
    ['a loss scale of 0', faulty({ lossScale: 0 }), /^says/],
    ['NaN', faulty({ evaluate: () => tf.scalar(NaN) }), /^is a finite scalar/],
    [
      'a mask taken for granted',
      faulty({
        evaluate: (input) => tf.add(loss.evaluate(input), tf.sum(input.mask!['fc1.weight']!)),
      }),
      /^is a finite scalar/,
    ],
    [
      'a vector',
      faulty({ evaluate: ({ sparse }) => tf.mean(sparse.logits(), 1) }),
      /^is a finite scalar/,
    ],
    [
      'a term of NaN',
      faulty({
        evaluate: (input) => ({
          value: loss.evaluate(input) as tf.Scalar,
          terms: { own: tf.scalar(NaN) },
        }),
      }),
      /^is a finite scalar/,
    ],
    [
      'a second batch that it did not ask for',
      faulty({ evaluate: (input) => tf.mean(input.heldOut().sparse.logits()) }),
      /^is a finite scalar/,
    ],
    [
      'a gradient cut off',
      faulty({
        evaluate: (input) => {
          const value = loss.evaluate(input) as tf.Scalar;
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
