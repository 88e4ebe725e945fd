import * as tf from '@tensorflow/tfjs-core';

/** Features [n, in] and weight [out, in] → [n, out]. */
export function linear(features: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(features, tf.transpose(weight));
}
