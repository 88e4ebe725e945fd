import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { referenceKernel } from '../../reference/reference-kernel.ts';

const NAME = 'tensorflow';
type Call = Parameters<tf.KernelFunc>[0];

const typeOf = (call: Call, input: string) => (call.inputs[input] as tf.TensorInfo).dtype;
const strings = (call: Call) => typeOf(call, 'a') === 'string';
const integers = (call: Call) => typeOf(call, 'x') === 'int32';
const written = (call: Call) => typeof call.attrs!['pad'] !== 'string';
const always = () => true;
const never = () => false;
const dilated = ({ attrs }: Call) => [attrs!['dilations'] ?? 1].flat().some((by) => by !== 1);

/** TensorFlow.js takes a gradient that is larger than what a convolution of these images makes. */
function otherSize({ inputs, attrs }: Call): boolean {
  const { inputShape, strides, pad, dataFormat } = attrs as unknown as {
    inputShape: [number, number, number, number];
    strides: [number, number];
    pad: 'same' | 'valid' | number;
    dataFormat: string;
  };
  if (dataFormat === 'NCHW') return false;
  const [dy, filter] = [inputs['dy']!, inputs['filter']!];
  const of = filter.shape as [number, number, number, number];
  const { outShape } = tf.backend_util.computeConv2DInfo(inputShape, of, strides, 1, pad);
  return !tf.util.arraysEqual(outShape, dy.shape);
}

/** Calls that TensorFlow, or TensorFlow.js's kernel for it, refuses or answers otherwise than TensorFlow.js says. */
const OTHERWISE: Readonly<Record<string, (call: Call) => boolean>> = {
  [tf.AvgPool]: written,
  [tf.AvgPoolGrad]: written,
  [tf.AvgPool3D]: always,
  [tf.Conv2DBackpropInput]: otherSize,
  [tf.MaxPool3D]: written,
  [tf.FusedConv2D]: (call) => call.attrs!['dataFormat'] === 'NCHW',
  [tf.Step]: integers,
  [tf.LeakyRelu]: integers,
  [tf.Round]: integers,
  [tf.Diag]: (call) => typeOf(call, 'x') === 'bool',
  [tf.Greater]: strings,
  [tf.GreaterEqual]: strings,
  [tf.Less]: strings,
  [tf.LessEqual]: strings,
  // It counts every NaN apart.
  [tf.Unique]: always,
  // TensorFlow draws other numbers each time, whatever the seed.
  [tf.Multinomial]: always,
};

/** Besides, of its kernels for a GPU. */
const ON_GPU: typeof OTHERWISE = {
  // The exponential of 10 is off by more of its last digit than TensorFlow.js allows for.
  [tf.Exp]: integers,
  [tf.DepthwiseConv2dNative]: dilated,
  [tf.FusedDepthwiseConv2D]: dilated,
  // The GPU has none of these that gives the same bits again; nor does it count with weights.
  [tf.Bincount]: always,
  [tf.Dilation2DBackpropInput]: always,
  [tf.Dilation2DBackpropFilter]: always,
  [tf.ResizeNearestNeighborGrad]: always,
};

/** What TensorFlow.js's kernels on TensorFlow lack, by its reference kernels, on copies. */
export function tensorflowReference(onGpu: boolean): tf.KernelConfig[] {
  return tf.getKernelsForBackend('cpu').flatMap((kernel): tf.KernelConfig[] => {
    const { kernelName } = kernel;
    const own = tf.getKernel(kernelName, NAME);
    const reference = referenceKernel(kernel);
    if (!own) return [{ kernelName, backendName: NAME, kernelFunc: reference }];
    const [everywhere = never, onIt = never] = [OTHERWISE[kernelName], ON_GPU[kernelName]];
    const otherwise = (call: Call) => everywhere(call) || (onGpu && onIt(call));
    if (everywhere === never && onIt === never) return [];
    const kernelFunc: tf.KernelFunc = (call) =>
      otherwise(call) ? reference(call) : own.kernelFunc(call);
    return [{ ...own, kernelFunc }];
  });
}
