import * as tf from '@tensorflow/tfjs-core';
import { logSoftmax } from './log-softmax.ts';

/** Mean cross-entropy in nats of logits [n, classes] against labels int32 [n]. */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  const [n, classes] = logits.shape;
  // Cast afterwards, because on wasm a one-hot made as float32 holds an integer's bits.
  const truth = tf.cast(tf.oneHot(labels, classes), 'float32');
  const likelihood: tf.Scalar = tf.sum(tf.mul(logSoftmax(logits), truth));
  return tf.div(likelihood, -n);
}
