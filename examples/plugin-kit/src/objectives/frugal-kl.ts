import * as tf from '@tensorflow/tfjs-core';
import { type Objective, defineObjective } from '@winnow/plugin-api';
import { logSoftmax } from '@winnow/tensor-backend';
import * as z from 'zod';

/**
 * Reverse KL divergence, as the built-in `kl`, plus `price` times the multiply-adds of the masked weights over those of
 * all: Σ_l u_l Σ_i m_li / Σ_l u_l d_l, with u_l the uses per image of each of the d_l weights of layer l. Under a relaxed
 * mask they are the expected ones. Both terms are reported.
 */
export const frugalKl: Objective = defineObjective({
  name: 'frugal-kl',
  summary: 'keep the predictions of the dense network at few multiply-adds',
  options: z.strictObject({
    price: z.number().min(0).default(1).describe('of all multiply-adds, in nats'),
  }),
  lossScale: 100,
  // As far as weights go; a mask has fewer multiply-adds wherever it is sparser.
  stationaryAtDense: true,
  evaluate({ network, mask, sparse, dense }, { price }) {
    const lnQ = logSoftmax(dense.logits());
    const lnP = logSoftmax(sparse.logits());
    const fit = tf.mean(tf.sum(tf.mul(tf.exp(lnP), tf.sub(lnP, lnQ)), -1));
    const layers = network.parameters.filter(({ prunable }) => prunable);
    const all = layers.reduce(
      (sum, l) => sum + l.usesPerImage * tf.util.sizeFromShape([...l.shape]),
      0,
    );
    const multiplyAdds = mask
      ? tf.addN(layers.map((l) => tf.mul(tf.sum(mask[l.name]!), l.usesPerImage / all)))
      : tf.scalar(1);
    return { value: tf.add(fit, tf.mul(multiplyAdds, price)), terms: { fit, multiplyAdds } };
  },
});
