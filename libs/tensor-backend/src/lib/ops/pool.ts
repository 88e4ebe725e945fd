import * as tf from '@tensorflow/tfjs-core';

/** Maximum of each window: [n, height, width, channels] → [n, outHeight, outWidth, channels]. */
export function maxPool(
  x: tf.Tensor4D,
  { size, stride, padding }: { size: number; stride: number; padding: number },
): tf.Tensor4D {
  return tf.maxPool(x, size, stride, padding);
}

/** [n, height, width, channels] → [n, channels] */
export function globalAveragePool(x: tf.Tensor4D): tf.Tensor2D {
  return tf.mean(x, [1, 2]);
}
