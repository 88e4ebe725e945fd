import * as tf from '@tensorflow/tfjs-core';
import { WinnowError } from '@winnow/plugin-api';
import { registerGradients } from '../gradients/register-gradients.ts';
import { type ArrayKernel, registerArrayKernel } from '../kernels/array-kernel.ts';
import { batchNormalize, batchNormalizeGrad } from '../kernels/batch-normalize.ts';
import { columnsToImage } from '../kernels/columns-to-image.ts';
import { maxPoolGather } from '../kernels/max-pool-gather.ts';
import { cpuConvolutionKernels } from '../kernels/cpu-convolution.ts';
import { wasmConvolutionKernels } from '../kernels/wasm-convolution.ts';

const ARRAY_KERNELS = [
  batchNormalize,
  batchNormalizeGrad,
  columnsToImage,
  maxPoolGather,
] as readonly ArrayKernel<object>[];

/** Makes a backend that has been imported the current one, and adds the kernels and gradients that it lacks. */
export async function activate(name: string): Promise<void> {
  for (const kernel of ARRAY_KERNELS) registerArrayKernel(kernel, name);
  if (name === 'cpu') {
    for (const kernel of cpuConvolutionKernels) registerArrayKernel(kernel, name);
  }
  if (name === 'wasm') {
    for (const kernel of wasmConvolutionKernels) {
      if (tf.getKernel(kernel.kernelName, name)) tf.unregisterKernel(kernel.kernelName, name);
      tf.registerKernel(kernel);
    }
  }
  registerGradients();
  if (!(await tf.setBackend(name))) {
    throw new WinnowError('BACKEND_UNAVAILABLE', `Backend "${name}" does not start here.`, {
      hint: 'See `winnow doctor` for the ones that do.',
    });
  }
}
