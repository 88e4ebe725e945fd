import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { replaceKernel } from '../../kernels/array-kernel.ts';
import { referenceKernel } from '../../reference/reference-kernel.ts';

const NAME = 'webgpu';
/** Kernels of TensorFlow.js 4.22 that a GPU refuses, or that do not look at shapes and indices. */
const WRONG: readonly string[] = [
  tf.Bincount,
  tf.BroadcastArgs,
  tf.DenseBincount,
  tf.SparseSegmentMean,
  tf.SparseSegmentSum,
];

/** e^(x − max) / Σ, of kernels that hand NaN on; its own loses it where it looks for the maximum. */
function softmax(): tf.KernelConfig {
  const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) => {
    const logits = inputs['logits'] as tf.Tensor;
    const { dim } = attrs as unknown as { dim: number };
    return tf.tidy(() => {
      const powers = tf.exp(tf.sub(logits, tf.max(logits, dim, true)));
      return tf.div(powers, tf.sum(powers, dim, true));
    });
  };
  return { kernelName: tf.Softmax, backendName: NAME, kernelFunc };
}

/** One after another; its own binds all to one shader, and a GPU allows eight or so. */
function addN(): tf.KernelConfig {
  const kernelFunc: tf.KernelFunc = ({ inputs }) =>
    tf.tidy(() => {
      const [first, ...others] = inputs as unknown as tf.Tensor[];
      return others.reduce((sum, x) => tf.add(sum, x), tf.clone(first!));
    });
  return { kernelName: tf.AddN, backendName: NAME, kernelFunc };
}

/** Adds what TensorFlow.js's backend lacks, by its reference kernels on copies, and puts others in place of what is wrong. */
export function addWebgpuKernels(): void {
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    const { kernelName } = kernel;
    if (tf.getKernel(kernelName, NAME) && !WRONG.includes(kernelName)) continue;
    replaceKernel({ ...kernel, backendName: NAME, kernelFunc: referenceKernel(kernel) });
  }
  replaceKernel(addN());
  replaceKernel(softmax());
}
