import * as tf from '@tensorflow/tfjs-core';
import { activationShapes } from '@winnow/models';
import { type Objective, WinnowError, defineObjective } from '@winnow/plugin-api';
import { crossEntropy } from '@winnow/tensor-backend';
import * as z from 'zod';

const EPSILON = 1e-20;

/** Q/‖Q‖₂: [batch, height, width, channels] → [batch, places], the sum over channels of squares, each row of length 1. */
function attention(activation: tf.Tensor): tf.Tensor2D {
  const places = tf.sum(tf.square(activation), -1);
  const rows = tf.reshape<tf.Rank.R2>(places, [places.shape[0], -1]);
  return tf.div(rows, tf.sqrt(tf.add(tf.sum(tf.square(rows), 1, true), EPSILON)));
}

/**
 * L + β/2 Σ_j ‖Q_j/‖Q_j‖₂ − Q'_j/‖Q'_j‖₂‖₂² over feature maps j, sparse and dense (with a prime), where Q = vec(Σ_c A_c²)
 * and L is the cross-entropy; each a mean over the batch. Zagoruyko and Komodakis, "Paying More Attention to Attention",
 * arXiv 1612.03928, equation (2) with F²_sum and p = 2, and the distance squared as in their code. The terms are L and the sum.
 */
export const attentionTransfer: Objective = defineObjective({
  name: 'attention-transfer',
  summary: 'fit the labels, and look where the dense network looks',
  options: z.strictObject({
    beta: z.number().min(0).default(2).describe('β, twice the weight of the attention maps'),
    layers: z.array(z.string()).min(1).optional().describe('feature maps, all when left out'),
  }),
  needs: ['activations'],
  lossScale: 100,
  stationaryAtDense: false,
  prepare({ network }, { layers }) {
    const maps = [...activationShapes(network)].filter(([, shape]) => shape.length === 3);
    const names = maps.map(([name]) => name);
    if (names.length === 0)
      throw new WinnowError('UNSUPPORTED_MODEL', `"${network.name}" shows no feature maps.`, {
        hint: 'Choose a model with convolutions.',
      });
    const unknown = layers?.find((name) => !names.includes(name));
    if (unknown === undefined) return;
    throw new WinnowError('INVALID_OPTION', `"${network.name}" has no feature map "${unknown}".`, {
      hint: `Give some of ${names.join(', ')}.`,
    });
  },
  evaluate({ batch, sparse, dense }, { beta, layers }) {
    const goals = dense.activations();
    const maps = [...sparse.activations()].filter(([name, { rank }]) =>
      layers ? layers.includes(name) : rank === 4,
    );
    const distances = maps.map(([name, map]) =>
      tf.mean(tf.sum(tf.squaredDifference(attention(map), attention(goals.get(name)!)), 1)),
    );
    const sum = tf.addN(distances);
    const loss = crossEntropy(sparse.logits(), batch.labels);
    return { value: tf.add(loss, tf.mul(sum, beta / 2)), terms: { loss, attention: sum } };
  },
});
