import * as tf from '@tensorflow/tfjs-core';
import type { Sides } from '@winnow/plugin-api';
import { shares } from '../gradients/average-pool.ts';
import { paddings, sidesOf } from './paddings.ts';

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

/** Average of each window's pixels, of which padding is none: [n, height, width, channels] → as `maxPool`. */
export function averagePool(
  x: tf.Tensor4D,
  { size, stride, padding }: MaxPoolOptions,
): tf.Tensor4D {
  const { top, bottom, left, right } = sidesOf(padding);
  if (top + bottom + left + right === 0) return tf.avgPool(x, [...size], stride, 'valid');
  const [, height, width] = x.shape;
  const padded = tf.avgPool(tf.pad(x, paddings(padding)), [...size], stride, 'valid');
  const [, rows, columns] = padded.shape;
  const inside = tf.mul(
    tf.tensor(shares(rows, height, size[0], stride, top), [rows, 1, 1]),
    tf.tensor(shares(columns, width, size[1], stride, left), [columns, 1]),
  );
  return tf.div(padded, inside);
}

/** [n, height, width, channels] → [n, channels] */
export function globalAveragePool(x: tf.Tensor4D): tf.Tensor2D {
  return tf.mean(x, [1, 2]);
}
