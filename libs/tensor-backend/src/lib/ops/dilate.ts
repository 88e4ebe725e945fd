import * as tf from '@tensorflow/tfjs-core';

/** [a, n, b] → [a, (n − 1) · dilation + 1, b] with zeros between. */
function spread(x: tf.Tensor, before: number, n: number, after: number, dilation: number) {
  const apart = tf.pad(tf.reshape(x, [before, n, 1, after]), [
    [0, 0],
    [0, 0],
    [0, dilation - 1],
    [0, 0],
  ]);
  const length = (n - 1) * dilation + 1;
  return tf.slice(tf.reshape(apart, [before, n * dilation, after]), [0, 0, 0], [-1, length, -1]);
}

/**
 * A kernel [out, in, height, width] with zeros between its weights, so that those are `dilation` pixels apart: by it any
 * convolution is dilated, with gradients of every order, which TensorFlow.js has none of.
 */
export function dilate(kernel: tf.Tensor4D, dilation: number): tf.Tensor4D {
  const [outputs, inputs, height, width] = kernel.shape;
  const tall = spread(kernel, outputs * inputs, height, width, dilation);
  const rows = (height - 1) * dilation + 1;
  const wide = spread(tall, outputs * inputs * rows, width, 1, dilation);
  return tf.reshape(wide, [outputs, inputs, rows, (width - 1) * dilation + 1]);
}
