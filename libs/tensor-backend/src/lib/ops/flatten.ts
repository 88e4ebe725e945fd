import * as tf from '@tensorflow/tfjs-core';

/** [n, height, width, channels] → [n, channels · height · width], in PyTorch's order. */
export function flatten(x: tf.Tensor4D): tf.Tensor2D {
  const [n, height, width, channels] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [n, channels * height * width]);
}
