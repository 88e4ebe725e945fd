import * as tf from '@tensorflow/tfjs-core';
import { offTape } from '../off-tape.ts';

/**
 * ln softmax over the last axis: [n, classes] → [n, classes]. Unlike `tf.logSoftmax`, which saves its output, it can be
 * differentiated twice.
 */
export function logSoftmax(logits: tf.Tensor2D): tf.Tensor2D {
  // The result does not depend on the shift, so its gradient may be left out.
  const shifted = tf.sub(
    logits,
    offTape(() => tf.max(logits, -1, true)),
  );
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
}
