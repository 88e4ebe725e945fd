import * as tf from '@tensorflow/tfjs-core';
import { type Objective, defineObjective } from '@winnow/plugin-api';
import { logSoftmax } from '@winnow/tensor-backend';

/**
 * Jensen–Shannon divergence of the sparse network's predictions p from the dense one's q, in nats, averaged over the batch:
 * E_x Σ_c ½ (p ln(p/m) + q ln(q/m)) with m = (p + q)/2. Symmetric, and never above ln 2. J. Lin, "Divergence measures
 * based on the Shannon entropy", IEEE Transactions on Information Theory 37(1), 1991, equation (3.1).
 */
export const jensenShannon: Objective = defineObjective({
  name: 'jensen-shannon',
  summary: 'keep the predictions of the dense network (Jensen–Shannon)',
  // Near the dense network it is a quarter of the built-in kl, whose scale is 100.
  lossScale: 400,
  stationaryAtDense: true,
  evaluate({ sparse, dense }) {
    const lnP = logSoftmax(sparse.logits());
    const lnQ = logSoftmax(dense.logits());
    // ln (p + q) without sums that could underflow.
    const lnM = tf.sub(tf.add(lnQ, tf.softplus(tf.sub(lnP, lnQ))), Math.LN2);
    const half = (ln: tf.Tensor) => tf.mul(tf.exp(ln), tf.sub(ln, lnM));
    return tf.mean(tf.mul(0.5, tf.sum(tf.add(half(lnP), half(lnQ)), -1)));
  },
});
