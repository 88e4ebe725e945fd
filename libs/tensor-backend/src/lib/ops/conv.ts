import * as tf from '@tensorflow/tfjs-core';
import type { Sides } from '@winnow/plugin-api';
import { dilate } from './dilate.ts';
import { paddings } from './paddings.ts';

export interface ConvOptions {
  readonly stride: number;
  /** Zeros on each side. */
  readonly padding: number | Sides;
  /** Of channels, each group of outputs seeing its group of inputs alone; 1 when left out. */
  readonly groups?: number | undefined;
  /** Pixels from one weight of a kernel to the next; 1 when left out. */
  readonly dilation?: number | undefined;
}

/** Kernel [channels · multiplier, 1, height, width], whose outputs see one channel each. */
function depthwise(
  images: tf.Tensor4D,
  kernel: tf.Tensor4D,
  { stride, padding }: ConvOptions,
): tf.Tensor4D {
  const [outputs, , height, width] = kernel.shape;
  const channels = images.shape[3];
  const apart = tf.reshape<tf.Rank.R4>(kernel, [channels, outputs / channels, height, width]);
  const filter = tf.transpose(apart, [2, 3, 0, 1]);
  return tf.depthwiseConv2d(images, filter, stride, paddings(padding));
}

/**
 * Images [n, height, width, in] and kernel [out, in / groups, kernelHeight, kernelWidth] → [n, outHeight, outWidth, out].
 * Throws where the kernel is of other channels or groups.
 */
export function conv(images: tf.Tensor4D, kernel: tf.Tensor4D, options: ConvOptions): tf.Tensor4D {
  const { stride, padding, groups = 1, dilation = 1 } = options;
  const [channels, inputs] = [images.shape[3], kernel.shape[1]];
  tf.util.assert(
    channels === groups * inputs,
    () =>
      `conv has images of ${channels} channels, and a kernel of ${groups} groups of ${inputs} inputs.`,
  );
  if (dilation > 1) return conv(images, dilate(kernel, dilation), { stride, padding, groups });
  if (groups > 1 && inputs === 1) return depthwise(images, kernel, options);
  if (groups > 1) {
    const kernels = tf.split<tf.Tensor4D>(kernel, groups, 0);
    const parts = tf.split<tf.Tensor4D>(images, groups, 3);
    const each = parts.map((part, g) => conv(part, kernels[g]!, { stride, padding }));
    return tf.concat(each, 3);
  }
  return tf.conv2d(images, tf.transpose(kernel, [2, 3, 1, 0]), stride, paddings(padding));
}
