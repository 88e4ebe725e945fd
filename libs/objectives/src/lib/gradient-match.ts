import * as tf from '@tensorflow/tfjs-core';
import { defineObjective } from '@winnow/plugin-api';
import { standardize } from './standardize.ts';

const perLayer = (gradient: tf.Tensor) => standardize(tf.reshape(gradient, [1, gradient.size]), 0);

/**
 * Mean over the prunable layers of the mean squared difference of the dense and the sparse network's gradients, each
 * standardised over its layer: the paper's R_grad (arXiv 2512.07142, §4).
 */
export const gradientMatch = defineObjective({
  name: 'gradient-match',
  summary: 'keep the gradients of the dense network',
  needs: ['second-derivatives'],
  lossScale: 100,
  stationaryAtDense: true,
  evaluate({ sparse, dense, prunable }) {
    const [actual, goal] = [sparse.gradients(), dense.gradients()];
    const errors = prunable.map((name) =>
      tf.mean(
        tf.squaredDifference(
          perLayer(actual[name] as tf.Tensor),
          perLayer(goal[name] as tf.Tensor),
        ),
      ),
    );
    return tf.div(tf.addN(errors), errors.length);
  },
});
