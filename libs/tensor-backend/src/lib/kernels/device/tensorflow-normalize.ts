import * as tf from '@tensorflow/tfjs-core';
import {
  BATCH_NORMALIZE,
  BATCH_NORMALIZE_GRAD,
  type BatchNormalizeAttributes,
} from '../batch-normalize.ts';
import type { TensorflowBackend } from './tensorflow-backend.ts';

// TensorFlow's fused normalisation adds up float32 one after another, so that its mean and variance lose digits with the
// number of rows (1e-5 of them after 131,072 rows, by oneDNN): enough to open or shut a ReLU near zero, and so to leave our
// path within ten steps. With a mean and a variance that it is given it is exact. So these are made by matrix products,
// which add up in blocks; the rest is fused.

type Inputs = Readonly<Record<string, tf.Tensor>>;

const float = ({ binding }: TensorflowBackend, name: string) => ({
  name,
  type: binding['TF_ATTR_TYPE'],
  value: binding['TF_FLOAT'],
});

function fusedAttributes(backend: TensorflowBackend, epsilon: number, training: boolean) {
  const { binding } = backend;
  return [
    float(backend, 'T'),
    float(backend, 'U'),
    { name: 'epsilon', type: binding['TF_ATTR_FLOAT'], value: epsilon },
    { name: 'data_format', type: binding['TF_ATTR_STRING'], value: 'NHWC' },
    { name: 'is_training', type: binding['TF_ATTR_BOOL'], value: training },
  ];
}

/** [..., channels] as images [rows, 1, 1, channels], which the fused ops want; images as they are. */
const asImages = (x: tf.Tensor): tf.Tensor =>
  x.rank === 4 ? x : tf.reshape(x, [-1, 1, 1, x.shape.at(-1)!]);

function columnMeans(x: tf.Tensor): tf.Tensor1D {
  const channels = x.shape.at(-1)!;
  const rows = x.size / channels;
  const sums = tf.matMul(tf.fill([1, rows], 1), tf.reshape(x, [rows, channels]));
  return tf.reshape(tf.div(sums, rows), [channels]);
}

/** See `batchNormalize`. */
function normalize(
  backend: TensorflowBackend,
  { x, scale, shift, residual }: Inputs,
  { epsilon, relu }: BatchNormalizeAttributes,
): tf.Tensor[] {
  const mean = columnMeans(x!);
  const variance = columnMeans(tf.squaredDifference(x!, mean));
  const [fused] = backend.executeMultipleOutputs(
    'FusedBatchNormV3',
    fusedAttributes(backend, epsilon, false),
    [asImages(x!), scale!, shift!, mean, variance],
    6,
  );
  const y = tf.reshape(fused!, x!.shape);
  const sum = residual ? tf.add(y, residual) : y;
  return [relu ? tf.relu(sum) : sum, mean, tf.rsqrt(tf.add(variance, epsilon))];
}

/** See `batchNormalizeGrad`. */
function normalizeGrad(
  backend: TensorflowBackend,
  { dy, x, y, mean, inverse, scale }: Inputs,
  { epsilon, relu, hasResidual }: BatchNormalizeAttributes,
): tf.Tensor[] {
  const dz = relu
    ? backend.executeSingleOutput('ReluGrad', [float(backend, 'T')], [dy!, y!])
    : tf.clone(dy!);
  const variance = tf.sub(tf.reciprocal(tf.square(inverse!)), epsilon);
  const [dx, dscale, dshift] = backend.executeMultipleOutputs(
    'FusedBatchNormGradV3',
    fusedAttributes(backend, epsilon, true),
    [asImages(dz), asImages(x!), scale!, mean!, variance, tf.tensor1d([])],
    5,
  ) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const found = [tf.reshape(dx, x!.shape), dscale, dshift];
  return hasResidual ? [...found, dz] : found;
}

/**
 * Normalisation by TensorFlow's fused ops on its CPU. A GPU keeps to the composed kernels: cuDNN takes another number for
 * the variance, which nobody has tried here.
 */
export function tensorflowNormalization(): tf.KernelConfig[] {
  const kernels = { [BATCH_NORMALIZE]: normalize, [BATCH_NORMALIZE_GRAD]: normalizeGrad };
  return Object.entries(kernels).map(([kernelName, compute]) => {
    const composed = tf.getKernel(kernelName, 'tensorflow');
    const kernelFunc: tf.KernelFunc = (call) => {
      const backend = call.backend as TensorflowBackend;
      if (backend.isUsingGpuDevice) return composed.kernelFunc(call);
      const inputs = call.inputs as unknown as Inputs;
      const attributes = call.attrs as unknown as BatchNormalizeAttributes;
      return tf.tidy(() => compute(backend, inputs, attributes));
    };
    return { kernelName, backendName: 'tensorflow', kernelFunc };
  });
}
