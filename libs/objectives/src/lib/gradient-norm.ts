import * as tf from '@tensorflow/tfjs-core';
import { defineObjective } from '@winnow/plugin-api';

/**
 * −‖∇_θ L‖₂ of the sparse network over all learnable parameters, the gradient carrying the mask as a factor:
 * the paper's R_−‖∇L‖₂ (arXiv 2512.07142, §4).
 */
export const gradientNorm = defineObjective({
  name: 'gradient-norm',
  summary: 'keep the gradient large',
  needs: ['second-derivatives'],
  lossScale: 1,
  stationaryAtDense: false,
  evaluate({ sparse }) {
    const squares = Object.values(sparse.gradients()).map((g) => tf.sum(tf.square(g)));
    return tf.neg(tf.sqrt(tf.addN(squares)));
  },
});
