import * as tf from '@tensorflow/tfjs-core';
import { type ArrayKernel, type KernelInput, arrayKernelFunction } from './array-kernel.ts';

interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dilations?: number | [number, number];
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}
type Shape4D = [number, number, number, number];
type Geometry = tf.backend_util.Conv2DInfo;

function geometry(
  input: readonly number[],
  filter: readonly number[],
  attributes: ConvolutionAttributes,
) {
  return tf.backend_util.computeConv2DInfo(
    input as Shape4D,
    filter as Shape4D,
    attributes.strides,
    attributes.dilations ?? 1,
    attributes.pad,
    attributes.dimRoundingMode,
    false,
    tf.backend_util.convertConv2DDataFormat(attributes.dataFormat ?? 'NHWC'),
  );
}

/** Calls `visit` for every pair of an output and an input pixel that a position of the filter connects. */
function forEachConnection(
  g: Geometry,
  visit: (input: number, filter: number, output: number) => void,
): void {
  const { inHeight, inWidth, inChannels, outChannels, outHeight, outWidth } = g;
  for (let n = 0; n < g.batchSize; n++)
    for (let oh = 0; oh < outHeight; oh++)
      for (let kh = 0; kh < g.filterHeight; kh++) {
        const h = oh * g.strideHeight + kh * g.dilationHeight - g.padInfo.top;
        if (h < 0 || h >= inHeight) continue;
        for (let ow = 0; ow < outWidth; ow++)
          for (let kw = 0; kw < g.filterWidth; kw++) {
            const w = ow * g.strideWidth + kw * g.dilationWidth - g.padInfo.left;
            if (w < 0 || w >= inWidth) continue;
            visit(
              ((n * inHeight + h) * inWidth + w) * inChannels,
              (kh * g.filterWidth + kw) * inChannels * outChannels,
              ((n * outHeight + oh) * outWidth + ow) * outChannels,
            );
          }
      }
}

// The loops over channels are functions of their own: with their arrays as arguments V8 makes them ten times as fast as
// with arrays captured by the callback.
function multiplyAdd(
  y: Float32Array | Float64Array,
  to: number,
  value: number,
  x: Float32Array,
  from: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) y[to + i]! += value * x[from + i]!;
}

function dot(x: Float32Array, from: number, y: Float32Array, at: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += x[from + i]! * y[at + i]!;
  return sum;
}

const input = (inputs: Readonly<Record<string, KernelInput | undefined>>, name: string) =>
  inputs[name] as KernelInput;

const convolution: ArrayKernel<ConvolutionAttributes> = {
  name: tf.Conv2D,
  outputShapes: ({ x, filter }, attributes) => [geometry(x!, filter!, attributes).outShape],
  compute(inputs, [output], attributes) {
    const { values: x, shape } = input(inputs, 'x');
    const { values: filter, shape: filterShape } = input(inputs, 'filter');
    const g = geometry(shape, filterShape, attributes);
    const { inChannels, outChannels } = g;
    const y = output!.fill(0);
    forEachConnection(g, (from, weights, to) => {
      for (let i = 0; i < inChannels; i++)
        multiplyAdd(y, to, x[from + i]!, filter, weights + i * outChannels, outChannels);
    });
  },
};

const inputGradient: ArrayKernel<ConvolutionAttributes & { inputShape: Shape4D }> = {
  name: tf.Conv2DBackpropInput,
  outputShapes: (_, { inputShape }) => [inputShape],
  compute(inputs, [output], attributes) {
    const { values: dy } = input(inputs, 'dy');
    const { values: filter, shape: filterShape } = input(inputs, 'filter');
    const g = geometry(attributes.inputShape, filterShape, attributes);
    const { inChannels, outChannels } = g;
    const dx = output!.fill(0);
    forEachConnection(g, (to, weights, from) => {
      for (let i = 0; i < inChannels; i++)
        dx[to + i]! += dot(dy, from, filter, weights + i * outChannels, outChannels);
    });
  },
};

const filterGradient: ArrayKernel<ConvolutionAttributes & { filterShape: Shape4D }> = {
  name: tf.Conv2DBackpropFilter,
  outputShapes: (_, { filterShape }) => [filterShape],
  compute(inputs, [output], attributes) {
    const { values: x, shape } = input(inputs, 'x');
    const { values: dy } = input(inputs, 'dy');
    const g = geometry(shape, attributes.filterShape, attributes);
    const { inChannels, outChannels } = g;
    const sums = new Float64Array(output!.length);
    forEachConnection(g, (from, weights, to) => {
      for (let i = 0; i < inChannels; i++)
        multiplyAdd(sums, weights + i * outChannels, x[from + i]!, dy, to, outChannels);
    });
    output!.set(sums);
  },
};

/**
 * Convolution (NHWC, filter [height, width, in, out]) and its gradients for `cpu`, in place of its own, whose filter
 * gradient reads every number through a bounds-checked accessor and takes minutes where these take a second.
 */
const cpuConvolutions = [
  convolution,
  inputGradient,
  filterGradient,
] as readonly ArrayKernel<object>[];

/** What TensorFlow.js allows and the loops above do not: channels first, and gradients larger than their output. */
function isUnusual({ inputs, attrs }: Parameters<tf.KernelFunc>[0]): boolean {
  const attributes = attrs as unknown as ConvolutionAttributes & {
    inputShape?: number[];
    filterShape?: number[];
  };
  if (attributes.dataFormat === 'NCHW') return true;
  const { dy, x, filter } = inputs as Record<string, tf.TensorInfo | undefined>;
  if (!dy) return false;
  const images = attributes.inputShape ?? x!.shape;
  const { outShape } = geometry(images, attributes.filterShape ?? filter!.shape, attributes);
  return !tf.util.arraysEqual(dy.shape, outShape);
}

/** To be asked for once its own kernels are there, which keep what is unusual. */
export function cpuConvolutionKernels(): tf.KernelConfig[] {
  return cpuConvolutions.map((kernel) => {
    const own = tf.getKernel(kernel.name, 'cpu').kernelFunc;
    const loops = arrayKernelFunction(kernel, 'cpu');
    return {
      kernelName: kernel.name,
      backendName: 'cpu',
      kernelFunc: (call) => (isUnusual(call) ? own(call) : loops(call)),
    };
  });
}
