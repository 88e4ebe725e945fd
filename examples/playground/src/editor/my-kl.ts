import * as tf from '@tensorflow/tfjs-core';
import { defineObjective } from '@winnow/plugin-api';
import { logSoftmax } from '@winnow/tensor-backend';

/** How far the predictions of the small network (sparse) are from those of the whole one (dense): reverse KL divergence. */
export const myKl = defineObjective({
  name: 'my-kl',
  summary: 'keep the predictions of the dense network (reverse KL)',
  lossScale: 100,
  stationaryAtDense: true,
  evaluate({ sparse, dense }) {
    const logQ = logSoftmax(dense.logits());
    const logP = logSoftmax(sparse.logits());
    return tf.mean(tf.sum(tf.mul(tf.exp(logP), tf.sub(logP, logQ)), -1));
  },
});
