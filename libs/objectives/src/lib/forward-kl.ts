import * as tf from '@tensorflow/tfjs-core';
import { defineObjective } from '@winnow/plugin-api';
import { logSoftmax } from '@winnow/tensor-backend';

/** Forward KL divergence: E_x Σ_c p_dense (ln p_dense − ln p_sparse), as in the code of the authors of arXiv 2512.07142. */
export const forwardKl = defineObjective({
  name: 'forward-kl',
  summary: 'keep the predictions of the dense network (forward KL)',
  lossScale: 100,
  stationaryAtDense: true,
  evaluate({ sparse, dense }) {
    const logP = logSoftmax(dense.logits());
    const logQ = logSoftmax(sparse.logits());
    return tf.mean(tf.sum(tf.mul(tf.exp(logP), tf.sub(logP, logQ)), -1));
  },
});
