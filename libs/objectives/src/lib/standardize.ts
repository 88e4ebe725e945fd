import * as tf from '@tensorflow/tfjs-core';

/**
 * [rows, n] → each row with mean 0 and unbiased standard deviation 1; `epsilon` is added to the deviation. n is 2 or
 * more: one number has no deviation.
 */
export function standardize(rows: tf.Tensor2D, epsilon: number): tf.Tensor2D {
  const centred = tf.sub(rows, tf.mean(rows, 1, true));
  const sumOfSquares = tf.sum(tf.square(centred), 1, true);
  const variance = tf.div(sumOfSquares, rows.shape[1] - 1);
  // √ has no slope at 0: its gradient is 0 there, as PyTorch's.
  const varies = tf.greater(variance, 0);
  const root = tf.sqrt(tf.where(varies, variance, tf.onesLike(variance)));
  const deviation = tf.mul(root, tf.cast(varies, 'float32'));
  return tf.div(centred, tf.add(deviation, epsilon));
}
