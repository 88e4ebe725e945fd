import * as tf from '@tensorflow/tfjs-core';

/**
 * [n, height, width, channels] → [n, channels · height · width] in PyTorch's order, or with `channels-last`
 * [n, height · width · channels] in TensorFlow's.
 */
export function flatten(
  x: tf.Tensor4D,
  order: 'channels-first' | 'channels-last' = 'channels-first',
): tf.Tensor2D {
  const [n, height, width, channels] = x.shape;
  const ordered = order === 'channels-first' ? tf.transpose(x, [0, 3, 1, 2]) : x;
  return tf.reshape(ordered, [n, channels * height * width]);
}
