import * as tf from '@tensorflow/tfjs-core';
import { type LayerKernel, layerKernel } from '../native-kernel.ts';
import type { convolutionGeometry, depthwiseGeometry } from './geometry.ts';

type GeometryOf = typeof convolutionGeometry | typeof depthwiseGeometry;
export type ConvolutionAttributes = Parameters<typeof convolutionGeometry>[2] & {
  dataFormat?: string;
};
type Shape4D = [number, number, number, number];

export const channelsLast = ({ attrs }: { attrs: { dataFormat?: string } }) =>
  attrs.dataFormat !== 'NCHW';

/** The kernels of both gradients of a convolution whose calls and geometry are given. */
export function convolutionGradients(
  names: { readonly input: string; readonly filter: string },
  input: 'convolveInputGradient' | 'depthwiseInputGradient',
  filter: 'convolveFilterGradient' | 'depthwiseFilterGradient',
  geometryOf: GeometryOf,
): readonly LayerKernel[] {
  /** TensorFlow.js lets a gradient be larger than the output that it belongs to; its reference takes those. */
  const isOutputOf = (
    dy: tf.TensorInfo,
    images: number[],
    kernel: number[],
    attrs: ConvolutionAttributes,
  ) => tf.util.arraysEqual(dy.shape, geometryOf(images, kernel, attrs).outShape as number[]);
  return [
    layerKernel<ConvolutionAttributes & { inputShape: Shape4D }>(
      names.input,
      ({ inputs, attrs, backend }) => {
        const { dy, filter } = inputs as { dy: tf.TensorInfo; filter: tf.TensorInfo };
        const dx = backend.output(attrs.inputShape);
        backend.engine[input]({
          dy: backend.handle(dy),
          filter: backend.handle(filter),
          dx: backend.handle(dx),
          ...geometryOf(attrs.inputShape, filter.shape, attrs).geometry,
        });
        return dx;
      },
      ({ inputs, attrs }) =>
        channelsLast({ attrs }) &&
        isOutputOf(inputs['dy']!, attrs.inputShape, inputs['filter']!.shape, attrs),
    ),
    layerKernel<ConvolutionAttributes & { filterShape: Shape4D }>(
      names.filter,
      ({ inputs, attrs, backend }) => {
        const { x, dy } = inputs as { x: tf.TensorInfo; dy: tf.TensorInfo };
        const dfilter = backend.output(attrs.filterShape);
        backend.engine[filter]({
          x: backend.handle(x),
          dy: backend.handle(dy),
          dfilter: backend.handle(dfilter),
          ...geometryOf(x.shape, attrs.filterShape, attrs).geometry,
        });
        return dfilter;
      },
      ({ inputs, attrs }) =>
        channelsLast({ attrs }) &&
        isOutputOf(inputs['dy']!, inputs['x']!.shape, attrs.filterShape, attrs),
    ),
  ];
}
