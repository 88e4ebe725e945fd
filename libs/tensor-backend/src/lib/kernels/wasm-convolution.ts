import * as tf from '@tensorflow/tfjs-core';
import { runKernel } from './array-kernel.ts';
import { COLUMNS_TO_IMAGE, type ColumnsAttributes } from './columns-to-image.ts';
import { TURNED_FILTER } from './turned-filter.ts';

interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function geometry(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dimRoundingMode }: ConvolutionAttributes,
) {
  return tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

/**
 * ∂/∂filter as one forward convolution, which XNNPACK runs as a matrix product: the images' channels take the place of
 * the batch, the batch that of the channels, dy that of the filter, and the stride that of the dilation.
 */
function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  filterShape: readonly number[],
  attributes: ConvolutionAttributes,
): tf.Tensor4D {
  const g = geometry(x.shape, filterShape, attributes);
  const { top, bottom, left, right } = g.padInfo;
  const padded: [[number, number], [number, number], [number, number], [number, number]] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  const all = tf.conv2d(
    tf.transpose(x, [3, 1, 2, 0]),
    tf.transpose(dy, [1, 2, 0, 3]),
    1,
    padded,
    'NHWC',
    [g.strideHeight, g.strideWidth],
  );
  // A stride that leaves pixels over makes more positions than the filter has.
  const cut = tf.slice(all, 0, [g.inChannels, g.filterHeight, g.filterWidth, g.outChannels]);
  return tf.transpose(cut, [1, 2, 0, 3]);
}

/** ∂/∂images: with stride 1 a convolution with the turned filter, otherwise a matrix product whose patches are added up. */
function inputGradient(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  inputShape: [number, number, number, number],
  attributes: ConvolutionAttributes,
): tf.Tensor4D {
  const g = geometry(inputShape, filter.shape, attributes);
  const { top, bottom, left, right } = g.padInfo;
  const kh = g.filterHeight;
  const kw = g.filterWidth;
  const padding = [kh - 1 - top, kh - 1 - bottom, kw - 1 - left, kw - 1 - right] as const;
  if (g.strideHeight === 1 && g.strideWidth === 1 && padding.every((p) => p >= 0)) {
    const turned = runKernel<tf.Tensor4D>(TURNED_FILTER, { filter });
    return tf.conv2d(dy, turned, 1, [
      [0, 0],
      [padding[0], padding[1]],
      [padding[2], padding[3]],
      [0, 0],
    ]);
  }
  const spread = tf.reshape<tf.Rank.R4>(tf.transpose(filter, [3, 0, 1, 2]), [
    1,
    1,
    g.outChannels,
    kh * kw * g.inChannels,
  ]);
  const columns = tf.conv2d(dy, spread, 1, 'valid');
  return runKernel<tf.Tensor4D>(COLUMNS_TO_IMAGE, { columns }, {
    inputShape,
    kernel: [kh, kw],
    stride: [g.strideHeight, g.strideWidth],
    padding: [top, left],
  } satisfies ColumnsAttributes);
}

/**
 * The convolution gradients for `wasm`, which lacks the filter's and has plain loops for the images' (measured 11 to 16
 * times slower, docs/performance.md).
 */
export const wasmConvolutionKernels: readonly tf.KernelConfig[] = [
  {
    kernelName: tf.Conv2DBackpropFilter,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { filterShape, ...attributes } = attrs as unknown as ConvolutionAttributes & {
        filterShape: number[];
      };
      return tf.tidy(() =>
        filterGradient(
          inputs['x'] as tf.Tensor4D,
          inputs['dy'] as tf.Tensor4D,
          filterShape,
          attributes,
        ),
      );
    },
  },
  {
    kernelName: tf.Conv2DBackpropInput,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { inputShape, ...attributes } = attrs as unknown as ConvolutionAttributes & {
        inputShape: [number, number, number, number];
      };
      return tf.tidy(() =>
        inputGradient(
          inputs['dy'] as tf.Tensor4D,
          inputs['filter'] as tf.Tensor4D,
          inputShape,
          attributes,
        ),
      );
    },
  },
  {
    // Its own Identity copies the tensor, and the tape keeps an Identity of everything that it saves.
    kernelName: tf.Identity,
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend }) => {
      const x = inputs['x'] as tf.TensorInfo;
      (backend as tf.KernelBackend).incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  },
];
