import * as tf from '@tensorflow/tfjs-core';
import type { Sides } from '@winnow/plugin-api';
import { paddings } from './paddings.ts';

export interface ConvOptions {
  readonly stride: number;
  /** Zeros on each side. */
  readonly padding: number | Sides;
}

/** Images [n, height, width, in] and kernel [out, in, kernelHeight, kernelWidth] → [n, outHeight, outWidth, out]. */
export function conv(
  images: tf.Tensor4D,
  kernel: tf.Tensor4D,
  { stride, padding }: ConvOptions,
): tf.Tensor4D {
  return tf.conv2d(images, tf.transpose(kernel, [2, 3, 1, 0]), stride, paddings(padding));
}
