import * as tf from '@tensorflow/tfjs-core';
import { type NativeKernel, floatKernel } from '../native-kernel.ts';
import { depthwiseGeometry } from './geometry.ts';

type Attributes = Parameters<typeof depthwiseGeometry>[2] & { dataFormat?: string };
type Shape4D = [number, number, number, number];

const channelsLast = ({ attrs }: { attrs: Attributes }) => attrs.dataFormat !== 'NCHW';

/** TensorFlow.js lets a gradient be larger than the output that it belongs to; its reference takes those. */
const isOutputOf = (dy: tf.TensorInfo, images: number[], filter: number[], attrs: Attributes) =>
  tf.util.arraysEqual(dy.shape, depthwiseGeometry(images, filter, attrs).outShape as number[]);

export const depthwiseKernels: readonly NativeKernel[] = [
  floatKernel<Attributes>(
    tf.DepthwiseConv2dNative,
    ({ inputs, attrs, backend }) => {
      const { x, filter } = inputs as { x: tf.TensorInfo; filter: tf.TensorInfo };
      const { outShape, geometry } = depthwiseGeometry(x.shape, filter.shape, attrs);
      const y = backend.output(outShape);
      backend.engine.depthwise({
        x: backend.handle(x),
        filter: backend.handle(filter),
        y: backend.handle(y),
        ...geometry,
      });
      return y;
    },
    channelsLast,
  ),
  floatKernel<Attributes & { inputShape: Shape4D }>(
    tf.DepthwiseConv2dNativeBackpropInput,
    ({ inputs, attrs, backend }) => {
      const { dy, filter } = inputs as { dy: tf.TensorInfo; filter: tf.TensorInfo };
      const dx = backend.output(attrs.inputShape);
      backend.engine.depthwiseInputGradient({
        dy: backend.handle(dy),
        filter: backend.handle(filter),
        dx: backend.handle(dx),
        ...depthwiseGeometry(attrs.inputShape, filter.shape, attrs).geometry,
      });
      return dx;
    },
    ({ inputs, attrs }) =>
      isOutputOf(inputs['dy']!, attrs.inputShape, inputs['filter']!.shape, attrs),
  ),
  floatKernel<Attributes & { filterShape: Shape4D }>(
    tf.DepthwiseConv2dNativeBackpropFilter,
    ({ inputs, attrs, backend }) => {
      const { x, dy } = inputs as { x: tf.TensorInfo; dy: tf.TensorInfo };
      const dfilter = backend.output(attrs.filterShape);
      backend.engine.depthwiseFilterGradient({
        x: backend.handle(x),
        dy: backend.handle(dy),
        dfilter: backend.handle(dfilter),
        ...depthwiseGeometry(x.shape, attrs.filterShape, attrs).geometry,
      });
      return dfilter;
    },
    ({ inputs, attrs }) => isOutputOf(inputs['dy']!, inputs['x']!.shape, attrs.filterShape, attrs),
  ),
];
