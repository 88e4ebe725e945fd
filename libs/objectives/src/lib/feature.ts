import * as tf from '@tensorflow/tfjs-core';
import { defineObjective } from '@winnow/plugin-api';
import { standardize } from './standardize.ts';

const EPSILON = 1e-9;

/** [batch, …] → [batch, features], each row standardised. */
function perExample(activation: tf.Tensor): tf.Tensor2D {
  const batch = activation.shape[0];
  return standardize(tf.reshape(activation, [batch, activation.size / batch]), EPSILON);
}

/**
 * Mean over every ReLU output and the soft-maxed logits of the mean squared difference of dense and sparse activations,
 * each example standardised over its features: the paper's R_feature (arXiv 2512.07142, §4).
 */
export const feature = defineObjective({
  name: 'feature',
  summary: 'keep the activations of the dense network',
  needs: ['activations'],
  lossScale: 100,
  multiplierRate: 0.1,
  stationaryAtDense: true,
  evaluate({ sparse, dense }) {
    const goals = dense.features();
    const errors = sparse
      .features()
      .map((activation, i) =>
        tf.mean(tf.squaredDifference(perExample(activation), perExample(goals[i] as tf.Tensor))),
      );
    return tf.div(tf.addN(errors), errors.length);
  },
});
