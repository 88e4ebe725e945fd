import * as tf from '@tensorflow/tfjs-core';
import { defineObjective } from '@winnow/plugin-api';
import { logSoftmax } from '@winnow/tensor-backend';

/**
 * Reverse KL divergence of the sparse network's predictions from the dense one's, averaged over the batch:
 * E_x Σ_c p_sparse (ln p_sparse − ln p_dense). The paper's R_KL (arXiv 2512.07142, §4).
 */
export const kl = defineObjective({
  name: 'kl',
  summary: 'keep the predictions of the dense network (reverse KL)',
  lossScale: 100,
  stationaryAtDense: true,
  evaluate({ sparse, dense }) {
    // The dense network first: what it needs on the way is freed before the sparse one keeps what it needs.
    const logQ = logSoftmax(dense.logits());
    const logP = logSoftmax(sparse.logits());
    return tf.mean(tf.sum(tf.mul(tf.exp(logP), tf.sub(logP, logQ)), -1));
  },
});
