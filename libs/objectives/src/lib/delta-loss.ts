import * as tf from '@tensorflow/tfjs-core';
import { defineObjective } from '@winnow/plugin-api';
import { crossEntropy } from '@winnow/tensor-backend';

/** |L_sparse / L_dense − 1|: the paper's R_ΔL (arXiv 2512.07142, §4). */
export const deltaLoss = defineObjective({
  name: 'delta-loss',
  summary: 'keep the loss of the dense network',
  lossScale: 10_000,
  stationaryAtDense: true,
  evaluate({ batch, sparse, dense }) {
    const denseLoss = crossEntropy(dense.logits(), batch.labels);
    const sparseLoss = crossEntropy(sparse.logits(), batch.labels);
    return tf.abs(tf.sub(tf.div(sparseLoss, denseLoss), 1));
  },
});
