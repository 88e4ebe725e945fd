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
