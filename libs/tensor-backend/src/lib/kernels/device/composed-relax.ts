import * as tf from '@tensorflow/tfjs-core';
import { RELAX, type RelaxAttributes } from '../relax.ts';
import type { ComposedKernel } from './composed-kernel.ts';

/** See `relaxKernel`. */
export const composedRelax: ComposedKernel<RelaxAttributes> = {
  name: RELAX,
  compute({ alpha, uniform }, { temperature }) {
    const noise = tf.sub(tf.log(uniform!), tf.log(tf.sub(1, uniform!)));
    return tf.sigmoid(tf.add(tf.div(noise, temperature), alpha!));
  },
};
