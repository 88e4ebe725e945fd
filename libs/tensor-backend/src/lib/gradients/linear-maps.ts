import * as tf from '@tensorflow/tfjs-core';
import { runKernel } from '../kernels/array-kernel.ts';
import { noGradient } from '../no-gradient.ts';
import { sumTo } from './elementwise.ts';
import { assertRoundsDown } from './rounds-down.ts';
import { MAX_POOL_GATHER, type PoolAttributes } from '../kernels/max-pool-gather.ts';

export interface ConvolutionAttributes {
  readonly strides: [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: number | [number, number];
}

const CONVOLUTION_GRADIENT = { dataFormat: 'NHWC' as const };

// Convolution is linear in the images and in the filter, so it, its image gradient and its filter gradient are each
// other's gradients, to any order.
function convolve(x: tf.Tensor, filter: tf.Tensor, { strides, pad }: ConvolutionAttributes) {
  return tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad);
}

export function towardsImages(
  dy: tf.Tensor,
  filter: tf.Tensor,
  inputShape: number[],
  { strides, pad }: ConvolutionAttributes,
) {
  const attributes = { ...CONVOLUTION_GRADIENT, strides, pad, inputShape };
  return runKernel<tf.Tensor>(tf.Conv2DBackpropInput, { dy, filter }, attributes);
}

export function towardsFilter(
  x: tf.Tensor,
  dy: tf.Tensor,
  filterShape: number[],
  { strides, pad }: ConvolutionAttributes,
) {
  const attributes = { ...CONVOLUTION_GRADIENT, strides, pad, filterShape };
  return runKernel<tf.Tensor>(tf.Conv2DBackpropFilter, { x, dy }, attributes);
}

/** Throws NO_GRADIENT for channels first, for dilation and as `assertRoundsDown` does. */
export function convolutionGradient(
  kernelName: string,
  inputs: [string, string],
  gradients: (
    dy: tf.Tensor,
    saved: [tf.Tensor, tf.Tensor],
    attributes: ConvolutionAttributes,
  ) => Record<string, () => tf.Tensor>,
): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: inputs,
    gradFunc: (dy, saved, attributes) => {
      const given = attributes as unknown as ConvolutionAttributes;
      assertRoundsDown(kernelName, attributes);
      const dilations = given.dilations ?? 1;
      if (given.dataFormat === 'NCHW' || [dilations].flat().some((d) => d !== 1)) {
        throw noGradient(`${kernelName}, with dilation or channels first,`);
      }
      return gradients(dy as tf.Tensor, saved as [tf.Tensor, tf.Tensor], given);
    },
  };
}

/** Gradients of convolution, pooling and matrix products, and the gradients of those. */
export const linearMapGradients: readonly tf.GradConfig[] = [
  convolutionGradient(tf.Conv2D, ['x', 'filter'], (dy, [x, filter], attributes) => ({
    x: () => towardsImages(dy, filter, x.shape, attributes),
    filter: () => towardsFilter(x, dy, filter.shape, attributes),
  })),
  convolutionGradient(
    tf.Conv2DBackpropInput,
    ['dy', 'filter'],
    (ddx, [dy, filter], attributes) => ({
      dy: () => convolve(ddx, filter, attributes),
      filter: () => towardsFilter(ddx, dy, filter.shape, attributes),
    }),
  ),
  convolutionGradient(tf.Conv2DBackpropFilter, ['x', 'dy'], (ddw, [x, dy], attributes) => ({
    x: () => towardsImages(dy, ddw, x.shape, attributes),
    dy: () => convolve(x, ddw, attributes),
  })),
  {
    kernelName: tf.BatchMatMul,
    inputsToSave: ['a', 'b'],
    gradFunc: (dys, saved, attributes) => {
      const dy = dys as tf.Tensor;
      const [a, b] = saved as [tf.Tensor, tf.Tensor];
      const { transposeA, transposeB } = attributes as unknown as Record<string, boolean>;
      return {
        a: () =>
          sumTo(
            transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB),
            a.shape,
          ),
        b: () =>
          sumTo(
            transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false),
            b.shape,
          ),
      };
    },
  },
  {
    kernelName: tf.MaxPool,
    inputsToSave: ['x'],
    outputsToSave: [true], // MaxPoolGrad wants it as a shape; nothing depends on its values
    gradFunc: (dy, saved, attributes) => ({
      x: () => {
        assertRoundsDown(tf.MaxPool, attributes);
        const [input, output] = saved as [tf.Tensor, tf.Tensor];
        const { filterSize, strides, pad } = attributes as unknown as PoolAttributes;
        return runKernel(
          tf.MaxPoolGrad,
          { dy: dy as tf.Tensor, input, output },
          { filterSize, strides, pad, dimRoundingMode: undefined },
        );
      },
    }),
  },
  {
    kernelName: tf.MaxPoolGrad,
    inputsToSave: ['input', 'output'],
    gradFunc: (ddx, saved, attributes) => {
      const [input, output] = saved as [tf.Tensor, tf.Tensor];
      return {
        dy: () => runKernel(MAX_POOL_GATHER, { x: input, values: ddx as tf.Tensor }, attributes),
        input: () => tf.zerosLike(input),
        output: () => tf.zerosLike(output),
      };
    },
  },
  {
    kernelName: MAX_POOL_GATHER,
    inputsToSave: ['x'],
    gradFunc: (dys, saved, attributes) => {
      const input = saved[0] as tf.Tensor;
      const dy = dys as tf.Tensor;
      return {
        x: () => tf.zerosLike(input),
        values: () =>
          runKernel(
            tf.MaxPoolGrad,
            { dy, input, output: dy },
            { ...attributes, dimRoundingMode: undefined },
          ),
      };
    },
  },
];
