import * as tf from '@tensorflow/tfjs-core';

/** How a weight of TensorFlow.js's lies in Winnow's networks, which have PyTorch's layout. */
export interface Layout {
  /** The shape there of a weight that has this one in the model. */
  readonly shape: (own: readonly number[]) => number[];
  readonly toWinnow: (weight: tf.Tensor) => tf.Tensor;
  readonly toLayers: (weight: tf.Tensor, own: readonly number[]) => tf.Tensor;
}

/** [units] or [channels] */
export const vector: Layout = {
  shape: (own) => [...own],
  toWinnow: (weight) => tf.clone(weight),
  toLayers: (weight) => tf.clone(weight),
};

/** [in, out] → [out, in] */
export const matrix: Layout = {
  shape: ([inputs, outputs]) => [outputs!, inputs!],
  toWinnow: (weight) => tf.transpose(weight),
  toLayers: (weight) => tf.transpose(weight),
};

/** [height, width, in, out] → [out, in, height, width] */
export const kernel: Layout = {
  shape: ([height, width, inputs, outputs]) => [outputs!, inputs!, height!, width!],
  toWinnow: (weight) => tf.transpose(weight, [3, 2, 0, 1]),
  toLayers: (weight) => tf.transpose(weight, [2, 3, 1, 0]),
};

/** [height, width, in, multiplier] → [in · multiplier, 1, height, width], a group for each input */
export const depthwiseKernel: Layout = {
  shape: ([height, width, inputs, multiplier]) => [inputs! * multiplier!, 1, height!, width!],
  toWinnow: (weight) =>
    tf.tidy(() =>
      tf.reshape(tf.transpose(weight, [2, 3, 0, 1]), depthwiseKernel.shape(weight.shape)),
    ),
  toLayers: (weight, [height, width, inputs, multiplier]) =>
    tf.tidy(() =>
      tf.transpose(tf.reshape(weight, [inputs!, multiplier!, height!, width!]), [2, 3, 0, 1]),
    ),
};
