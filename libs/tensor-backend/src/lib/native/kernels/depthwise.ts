import * as tf from '@tensorflow/tfjs-core';
import { type LayerKernel, layerKernel } from '../native-kernel.ts';
import {
  type ConvolutionAttributes,
  channelsLast,
  convolutionGradients,
} from './convolution-gradients.ts';
import { depthwiseGeometry } from './geometry.ts';

export const depthwiseKernels: readonly LayerKernel[] = [
  layerKernel<ConvolutionAttributes>(
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
  ...convolutionGradients(
    {
      input: tf.DepthwiseConv2dNativeBackpropInput,
      filter: tf.DepthwiseConv2dNativeBackpropFilter,
    },
    'depthwiseInputGradient',
    'depthwiseFilterGradient',
    depthwiseGeometry,
  ),
];
