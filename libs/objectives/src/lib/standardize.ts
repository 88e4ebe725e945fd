import * as tf from '@tensorflow/tfjs-core';

/**
 * [rows, n] → each row with mean 0 and unbiased standard deviation 1; `epsilon` is added to the deviation.
 */
export function standardize(rows: tf.Tensor2D, epsilon: number): tf.Tensor2D {
  const centred = tf.sub(rows, tf.mean(rows, 1, true));
  const sumOfSquares = tf.sum(tf.square(centred), 1, true);
  const deviation = tf.sqrt(tf.div(sumOfSquares, rows.shape[1] - 1));
  return tf.div(centred, tf.add(deviation, epsilon));
}
