import * as tf from '@tensorflow/tfjs-core';
import { runKernel } from '../kernels/array-kernel.ts';
import {
  type ConvolutionAttributes,
  convolutionGradient,
  towardsFilter,
  towardsImages,
} from './linear-maps.ts';

type Shape4D = [number, number, number, number];
type Parts = Record<string, () => tf.Tensor>;

/** Backends whose kernels for it take any padding, and are tested. */
const ownKernels = new Set(['cpu', 'wasm', 'native']);

/** A backend takes its own kernels for the gradients from now on. */
export function useDepthwiseKernels(backend: string): void {
  ownKernels.add(backend);
}

function convolve(x: tf.Tensor, filter: tf.Tensor, { strides, pad }: ConvolutionAttributes) {
  return tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad);
}

function ownTowardsImages(
  dy: tf.Tensor,
  filter: tf.Tensor,
  inputShape: number[],
  { strides, pad }: ConvolutionAttributes,
): tf.Tensor {
  const attributes = { strides, pad, inputShape };
  return runKernel(tf.DepthwiseConv2dNativeBackpropInput, { dy, filter }, attributes);
}

function ownTowardsFilter(
  x: tf.Tensor,
  dy: tf.Tensor,
  filterShape: number[],
  { strides, pad }: ConvolutionAttributes,
): tf.Tensor {
  const attributes = { strides, pad, filterShape };
  return runKernel(tf.DepthwiseConv2dNativeBackpropFilter, { x, dy }, attributes);
}

/** 1 where both channels are the same: [1, channels, channels, 1] */
const sameChannel = (channels: number) =>
  tf.reshape<tf.Rank.R4>(tf.eye(channels), [1, channels, channels, 1]);

/**
 * As the gradient of the convolution whose filter [height, width, in, in · multiplier] is 0 between different channels:
 * right to any order and on every backend, at the price of that convolution.
 */
function asConvolution(
  dy: tf.Tensor,
  [x, filter]: [tf.Tensor, tf.Tensor],
  attributes: ConvolutionAttributes,
): Parts {
  const [height, width, channels, multiplier] = filter.shape as Shape4D;
  const dense: Shape4D = [height, width, channels, channels * multiplier];
  const places = height * width;
  return {
    x: () => {
      const apart = tf.reshape(filter, [places, channels, 1, multiplier]);
      const between = tf.reshape(tf.mul(apart, sameChannel(channels)), dense);
      return towardsImages(dy, between, x.shape, attributes);
    },
    filter: () => {
      const between = tf.reshape(towardsFilter(x, dy, dense, attributes), [
        places,
        channels,
        channels,
        multiplier,
      ]);
      return tf.reshape(tf.sum(tf.mul(between, sameChannel(channels)), 2), filter.shape);
    },
  };
}

/** Depthwise convolution, its image gradient and its filter gradient, which are each other's gradients. */
export const depthwiseGradients: readonly tf.GradConfig[] = [
  convolutionGradient(tf.DepthwiseConv2dNative, ['x', 'filter'], (dy, saved, attributes) => {
    if (!ownKernels.has(tf.getBackend())) return asConvolution(dy, saved, attributes);
    const [x, filter] = saved;
    return {
      x: () => ownTowardsImages(dy, filter, x.shape, attributes),
      filter: () => ownTowardsFilter(x, dy, filter.shape, attributes),
    };
  }),
  convolutionGradient(
    tf.DepthwiseConv2dNativeBackpropInput,
    ['dy', 'filter'],
    (ddx, [dy, filter], attributes) => ({
      dy: () => convolve(ddx, filter, attributes),
      filter: () => ownTowardsFilter(ddx, dy, filter.shape, attributes),
    }),
  ),
  convolutionGradient(
    tf.DepthwiseConv2dNativeBackpropFilter,
    ['x', 'dy'],
    (ddw, [x, dy], attributes) => ({
      x: () => ownTowardsImages(dy, ddw, x.shape, attributes),
      dy: () => convolve(x, ddw, attributes),
    }),
  ),
];
