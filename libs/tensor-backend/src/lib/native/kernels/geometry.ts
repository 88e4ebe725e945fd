import * as tf from '@tensorflow/tfjs-core';
import type { Geometry } from './linear-maps-calls.ts';

type Shape4D = [number, number, number, number];

interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

interface PoolAttributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const geometryOf = (info: tf.backend_util.Conv2DInfo): Geometry => ({
  batch: info.batchSize,
  height: info.inHeight,
  width: info.inWidth,
  channels: info.inChannels,
  filterHeight: info.filterHeight,
  filterWidth: info.filterWidth,
  outHeight: info.outHeight,
  outWidth: info.outWidth,
  outChannels: info.outChannels,
  strideHeight: info.strideHeight,
  strideWidth: info.strideWidth,
  dilationHeight: info.dilationHeight,
  dilationWidth: info.dilationWidth,
  padTop: info.padInfo.top,
  padLeft: info.padInfo.left,
});

export interface WindowGeometry {
  readonly outShape: readonly number[];
  readonly geometry: Geometry;
  /** Whether a window is one pixel. */
  readonly single: boolean;
}

/** Of a convolution of NHWC images with an HWIO filter. */
export function convolutionGeometry(
  images: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations, dimRoundingMode }: ConvolutionAttributes,
): WindowGeometry {
  const info = tf.backend_util.computeConv2DInfo(
    images as Shape4D,
    filter as Shape4D,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
  );
  const single = info.filterHeight === 1 && info.filterWidth === 1;
  return { outShape: info.outShape, geometry: geometryOf(info), single };
}

/** Of a depthwise convolution of NHWC images with a filter [height, width, in, multiplier]. */
export function depthwiseGeometry(
  images: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations, dimRoundingMode }: ConvolutionAttributes,
): Omit<WindowGeometry, 'single'> {
  const info = tf.backend_util.computeConv2DInfo(
    images as Shape4D,
    filter as Shape4D,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    true,
  );
  return { outShape: info.outShape, geometry: geometryOf(info) };
}

/** Of pooling NHWC images. */
export function poolingGeometry(
  images: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: PoolAttributes,
): WindowGeometry {
  const info = tf.backend_util.computePool2DInfo(
    images as Shape4D,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const single = info.filterHeight === 1 && info.filterWidth === 1;
  return { outShape: info.outShape, geometry: geometryOf(info), single };
}
