import * as tf from '@tensorflow/tfjs-core';

export interface ConvOptions {
  readonly stride: number;
  /** Zeros on each side. */
  readonly padding: number;
}

/** Images [n, height, width, in] and kernel [out, in, kernelHeight, kernelWidth] → [n, outHeight, outWidth, out]. */
export function conv(
  images: tf.Tensor4D,
  kernel: tf.Tensor4D,
  { stride, padding }: ConvOptions,
): tf.Tensor4D {
  // Written out, because with a number TensorFlow.js takes the kernel's height for its width.
  const sides: [number, number] = [padding, padding];
  const none: [number, number] = [0, 0];
  // TensorFlow's own backend has no gradients for padding that is written out.
  if (tf.getBackend() === 'tensorflow') {
    const padded = tf.pad(images, [none, sides, sides, none]);
    return tf.conv2d(padded, tf.transpose(kernel, [2, 3, 1, 0]), stride, 'valid');
  }
  return tf.conv2d(images, tf.transpose(kernel, [2, 3, 1, 0]), stride, [none, sides, sides, none]);
}
