import * as tf from '@tensorflow/tfjs-core';
import { type Objective, defineObjective } from '@winnow/plugin-api';
import * as z from 'zod';

const FAR = 1e9;

/**
 * Focal loss of the sparse network, in nats: the mean of −(1 − p_t)^γ ln p_t, with p_t the probability of the label. Lin et
 * al., "Focal Loss for Dense Object Detection", arXiv 1708.02002, equation (4). At γ = 0 it is the cross-entropy.
 */
export const focal: Objective = defineObjective({
  name: 'focal',
  summary: 'fit the labels, the hard ones first (focal loss)',
  options: z.strictObject({
    gamma: z.number().min(0).default(2).describe('γ: how little counts what is right already'),
  }),
  lossScale: 100,
  stationaryAtDense: false,
  evaluate({ batch, sparse }, { gamma }) {
    const logits = sparse.logits();
    const label = tf.oneHot(batch.labels, logits.shape[1]);
    // p_t = σ(margin), which leaves both ln p_t and ln (1 − p_t) finite.
    const others = tf.logSumExp(tf.sub(logits, tf.mul(label, FAR)), 1);
    const margin = tf.sub(tf.sum(tf.mul(logits, label), 1), others);
    const weight = tf.exp(tf.mul(-gamma, tf.softplus(margin)));
    return tf.mean(tf.mul(weight, tf.softplus(tf.neg(margin))));
  },
});
