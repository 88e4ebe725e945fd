import * as tf from '@tensorflow/tfjs-core';
import type { ArrayKernel, KernelInput } from './array-kernel.ts';

interface Attributes {
  readonly strides: number | [number, number];
  readonly dilations?: number | [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
}
type Shape4D = [number, number, number, number];

/**
 * Calls `visit` with the places of an input pixel's channels, of their weights and of an output pixel's channels, for all
 * that a filter [height, width, in, multiplier] ties together.
 */
function forEachConnection(
  images: Shape4D,
  filter: Shape4D,
  { strides, pad, dilations = 1 }: Attributes,
  visit: (input: number, weights: number, output: number) => void,
): void {
  const g = tf.backend_util.computeConv2DInfo(
    images,
    filter,
    strides,
    dilations,
    pad,
    undefined,
    true,
  );
  for (let n = 0; n < g.batchSize; n++)
    for (let oh = 0; oh < g.outHeight; oh++)
      for (let kh = 0; kh < g.filterHeight; kh++) {
        const h = oh * g.strideHeight + kh * g.dilationHeight - g.padInfo.top;
        if (h < 0 || h >= g.inHeight) continue;
        for (let ow = 0; ow < g.outWidth; ow++)
          for (let kw = 0; kw < g.filterWidth; kw++) {
            const w = ow * g.strideWidth + kw * g.dilationWidth - g.padInfo.left;
            if (w < 0 || w >= g.inWidth) continue;
            visit(
              ((n * g.inHeight + h) * g.inWidth + w) * g.inChannels,
              (kh * g.filterWidth + kw) * g.outChannels,
              ((n * g.outHeight + oh) * g.outWidth + ow) * g.outChannels,
            );
          }
      }
}

// The loops over channels are functions of their own for V8's sake, as those of cpu-convolution.ts.
function addToInput(
  dx: Float32Array,
  to: number,
  dy: Float32Array,
  from: number,
  filter: Float32Array,
  weights: number,
  channels: number,
  multiplier: number,
): void {
  for (let c = 0, o = 0; c < channels; c++)
    for (let m = 0; m < multiplier; m++, o++) dx[to + c]! += dy[from + o]! * filter[weights + o]!;
}

function addToFilter(
  sums: Float64Array,
  weights: number,
  x: Float32Array,
  from: number,
  dy: Float32Array,
  at: number,
  channels: number,
  multiplier: number,
): void {
  for (let c = 0, o = 0; c < channels; c++)
    for (let m = 0; m < multiplier; m++, o++) sums[weights + o]! += x[from + c]! * dy[at + o]!;
}

const input = (inputs: Readonly<Record<string, KernelInput | undefined>>, name: string) =>
  inputs[name] as KernelInput;

const towardsImages: ArrayKernel<Attributes & { inputShape: Shape4D }> = {
  name: tf.DepthwiseConv2dNativeBackpropInput,
  outputShapes: (_, { inputShape }) => [inputShape],
  compute(inputs, [output], attributes) {
    const { values: dy } = input(inputs, 'dy');
    const { values: filter, shape } = input(inputs, 'filter');
    const dx = output!.fill(0);
    const [, , channels, multiplier] = shape as Shape4D;
    forEachConnection(attributes.inputShape, shape as Shape4D, attributes, (to, weights, from) =>
      addToInput(dx, to, dy, from, filter, weights, channels, multiplier),
    );
  },
};

const towardsFilter: ArrayKernel<Attributes & { filterShape: Shape4D }> = {
  name: tf.DepthwiseConv2dNativeBackpropFilter,
  outputShapes: (_, { filterShape }) => [filterShape],
  compute(inputs, [output], attributes) {
    const { values: x, shape } = input(inputs, 'x');
    const { values: dy } = input(inputs, 'dy');
    const { filterShape } = attributes;
    const [, , channels, multiplier] = filterShape;
    const sums = new Float64Array(output!.length);
    forEachConnection(shape as Shape4D, filterShape, attributes, (from, weights, at) =>
      addToFilter(sums, weights, x, from, dy, at, channels, multiplier),
    );
    output!.set(sums);
  },
};

/** Both gradients of depthwise convolution (NHWC): `wasm` lacks them, and those of `cpu` take much longer. */
export const depthwiseGradients = [towardsImages, towardsFilter] as readonly ArrayKernel<object>[];
