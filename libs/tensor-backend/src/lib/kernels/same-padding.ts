import * as tf from '@tensorflow/tfjs-core';

interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly dilations: number | [number, number] | null;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
}
type Shape4D = [number, number, number, number];

/** What "same" means there. */
function explicitPadding(
  { x, filter }: tf.NamedTensorInfoMap,
  { strides, dilations }: ConvolutionAttributes,
): tf.backend_util.ExplicitPadding {
  const { padInfo } = tf.backend_util.computeConv2DInfo(
    x!.shape as Shape4D,
    filter!.shape as Shape4D,
    strides,
    dilations ?? 1,
    'same',
  );
  const { top, bottom, left, right } = padInfo;
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

const CONVOLUTIONS = [
  tf.Conv2D,
  tf.DepthwiseConv2dNative,
  tf.FusedConv2D,
  tf.FusedDepthwiseConv2D,
] as const;

/**
 * The convolutions of `wasm` with the padding "same" written out. Left to XNNPACK, it is wrong where a filter is
 * shorter than its stride, as 1×k and k×1 are with a stride of 2 (TensorFlow.js 4.22). To be asked for once its own
 * kernels are there.
 */
export function samePaddingKernels(): tf.KernelConfig[] {
  return CONVOLUTIONS.map((name) => {
    const own = tf.getKernel(name, 'wasm');
    const kernelFunc: tf.KernelFunc = (call) => {
      const attributes = call.attrs as unknown as ConvolutionAttributes;
      if (attributes.pad !== 'same') return own.kernelFunc(call);
      const pad = explicitPadding(call.inputs, attributes);
      return own.kernelFunc({ ...call, attrs: { ...call.attrs, pad } });
    };
    return { ...own, kernelFunc };
  });
}
