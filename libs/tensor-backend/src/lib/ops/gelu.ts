import * as tf from '@tensorflow/tfjs-core';

/** x · Φ(x), as PyTorch has it without `approximate`. */
export function gelu(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}
