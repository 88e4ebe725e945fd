import * as tf from '@tensorflow/tfjs-core';

/** Gradient 0, which an op such as `tf.where` passes on to its condition. */
function constant(kernelName: string, ...inputs: string[]): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: inputs,
    gradFunc: (_, saved) =>
      Object.fromEntries(
        inputs.map((input, i) => [input, () => tf.zeros((saved[i] as tf.Tensor).shape)]),
      ),
  };
}

/** Of ops whose results are truth values, indices or whole numbers, and so constant nearly everywhere. */
export const constantGradients: readonly tf.GradConfig[] = [
  ...[tf.Equal, tf.NotEqual, tf.Greater, tf.GreaterEqual, tf.Less, tf.LessEqual].map((name) =>
    constant(name, 'a', 'b'),
  ),
  ...[tf.LogicalAnd, tf.LogicalOr, tf.FloorDiv].map((name) => constant(name, 'a', 'b')),
  ...[tf.LogicalNot, tf.IsNan, tf.IsInf, tf.IsFinite, tf.ArgMax, tf.ArgMin].map((name) =>
    constant(name, 'x'),
  ),
  ...[tf.Any, tf.All].map((name) => constant(name, 'x')),
  constant(tf.OneHot, 'indices'),
];
