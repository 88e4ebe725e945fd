import * as tf from '@tensorflow/tfjs-core';
import { logSoftmax } from './log-softmax.ts';

/**
 * Mean cross-entropy in nats of logits [n, classes] against labels int32 [n]. An example whose label is none of the classes
 * adds nothing to the sum and counts in the mean, since labels are not read back. Throws where there are more labels than
 * logits, or fewer.
 */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  const [n, classes] = logits.shape;
  tf.util.assert(
    labels.size === n,
    () => `crossEntropy has logits of ${n} examples, and ${labels.size} labels.`,
  );
  // Cast afterwards, because on wasm a one-hot made as float32 holds an integer's bits.
  const truth = tf.cast(tf.oneHot(labels, classes), 'float32');
  const likelihood: tf.Scalar = tf.sum(tf.mul(logSoftmax(logits), truth));
  return tf.div(likelihood, -n);
}
