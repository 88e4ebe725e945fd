import * as tf from '@tensorflow/tfjs-core';
import type { Sides } from '@winnow/plugin-api';
import { paddings } from './paddings.ts';

export interface MaxPoolOptions {
  /** Of a window: height and width in pixels. */
  readonly size: readonly [number, number];
  readonly stride: number;
  /** On each side, less than every number. */
  readonly padding: number | Sides;
}

/** Maximum of each window: [n, height, width, channels] → [n, outHeight, outWidth, channels]. */
export function maxPool(x: tf.Tensor4D, { size, stride, padding }: MaxPoolOptions): tf.Tensor4D {
  return tf.maxPool(x, [...size], stride, paddings(padding));
}

/** Average of each window: [n, height, width, channels] → [n, outHeight, outWidth, channels]. */
export function averagePool(
  x: tf.Tensor4D,
  { size, stride }: Pick<MaxPoolOptions, 'size' | 'stride'>,
): tf.Tensor4D {
  return tf.avgPool(x, [...size], stride, 'valid');
}

/** [n, height, width, channels] → [n, channels] */
export function globalAveragePool(x: tf.Tensor4D): tf.Tensor2D {
  return tf.mean(x, [1, 2]);
}
