import * as tf from '@tensorflow/tfjs-core';

/**
 * Runs `compute` as if outside any gradient: its tensors are constants for the gradient being taken around it, and
 * nothing of it is kept for the backward pass. Gradients inside `compute` work as usual.
 *
 * TensorFlow.js has no such scope; this lays the tape aside for the while.
 */
export function offTape<T>(compute: () => T): T {
  const state = tf.engine().state;
  const { activeTape, gradientDepth } = state;
  state.gradientDepth = 0;
  state.activeTape = [];
  try {
    return compute();
  } finally {
    state.gradientDepth = gradientDepth;
    state.activeTape = activeTape;
  }
}

/**
 * `tf.grads` for use inside a gradient function, where TensorFlow.js's own would drop the tape that is being walked,
 * unless a higher gradient is still recording.
 */
export function gradientsWithin(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
): tf.Tensor[] {
  const gradients = () => tf.grads(f)(inputs);
  return tf.engine().state.gradientDepth > 0 ? gradients() : offTape(gradients);
}
