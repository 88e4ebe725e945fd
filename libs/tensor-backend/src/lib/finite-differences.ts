import * as tf from '@tensorflow/tfjs-core';

const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;
const STEP = 2e-3;

/** Numbers from −1 to 1 that are the same at every call and far enough apart for a maximum to be clear. */
export function irregular(shape: number[], phase = 0): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => 2 * (((i + 1) * GOLDEN_RATIO + phase) % 1) - 1),
    shape,
  );
}

/**
 * The derivative of `f` (summed with irregular weights) along an irregular direction of all inputs together, by
 * TensorFlow.js's gradients and by central differences.
 */
export function directionalDerivatives(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
): { gradient: number; difference: number } {
  return tf.tidy(() => {
    const value = (...at: tf.Tensor[]) => {
      const y = f(...at);
      return tf.sum<tf.Scalar>(tf.mul(y, irregular(y.shape, 0.3)));
    };
    const directions = inputs.map((x, i) => irregular(x.shape, i + 1));
    const gradient = tf
      .grads(value)(inputs)
      .map((g, i) => tf.sum(tf.mul(g, directions[i] as tf.Tensor)).dataSync()[0] as number)
      .reduce((a, b) => a + b);
    const moved = (sign: number) =>
      value(
        ...inputs.map((x, i) => tf.add(x, tf.mul(directions[i] as tf.Tensor, sign * STEP))),
      ).dataSync()[0] as number;
    return { gradient, difference: (moved(1) - moved(-1)) / (2 * STEP) };
  });
}

/** The same for the gradient of `f`, so that second derivatives are tried. */
export function secondDerivatives(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
): { gradient: number; difference: number } {
  return directionalDerivatives((...at) => {
    const value = (...xs: tf.Tensor[]) => {
      const y = f(...xs);
      return tf.sum(tf.mul(y, irregular(y.shape, 0.7)));
    };
    return tf.concat(
      tf
        .grads(value)(at)
        .map((g) => tf.reshape(g, [-1])),
    );
  }, inputs);
}
