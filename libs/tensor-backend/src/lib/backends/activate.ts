import * as tf from '@tensorflow/tfjs-core';
import { WinnowError } from '@winnow/plugin-api';
import { registerGradients } from '../gradients/register-gradients.ts';
import { batchNormalizeGradGrad } from '../kernels/batch-normalize-grad-grad.ts';
import {
  type ArrayKernel,
  arrayKernelFunction,
  kernelForFloats,
  replaceKernel,
} from '../kernels/array-kernel.ts';
import { affineKernel } from '../kernels/affine.ts';
import { batchNormalize, batchNormalizeGrad } from '../kernels/batch-normalize.ts';
import { columnsToImage } from '../kernels/columns-to-image.ts';
import { cpuConvolutionKernels } from '../kernels/cpu-convolution.ts';
import { maxPoolGather } from '../kernels/max-pool-gather.ts';
import { relaxKernel } from '../kernels/relax.ts';
import { split } from '../kernels/split.ts';
import { wasmConvolutionKernels } from '../kernels/wasm-convolution.ts';
import { wasmReductions } from '../kernels/wasm-reductions.ts';
import { countMultiplyAdds } from '../multiply-adds.ts';

const EVERYWHERE = [
  affineKernel,
  batchNormalize,
  batchNormalizeGrad,
  batchNormalizeGradGrad,
  columnsToImage,
  maxPoolGather,
  relaxKernel,
] as readonly ArrayKernel<object>[];

const activated = new Set<string>();

/** Adds the kernels that a backend lacks. */
function addKernels(backendName: string): void {
  // The engine brings its own.
  if (backendName === 'native') return;
  for (const kernel of EVERYWHERE) {
    const kernelFunc = arrayKernelFunction(kernel, backendName);
    replaceKernel({ kernelName: kernel.name, backendName, kernelFunc });
  }
  if (backendName === 'cpu') cpuConvolutionKernels().forEach(replaceKernel);
  if (backendName === 'wasm') {
    wasmConvolutionKernels.forEach(replaceKernel);
    for (const kernel of [split, ...wasmReductions] as readonly ArrayKernel<object>[])
      replaceKernel(kernelForFloats(kernel, 'wasm'));
  }
}

/** Makes a backend that has been imported the current one, and adds the kernels and gradients that it lacks. */
export async function activate(name: string): Promise<void> {
  if (!activated.has(name)) {
    activated.add(name);
    addKernels(name);
    countMultiplyAdds(name);
  }
  registerGradients();
  if (!(await tf.setBackend(name))) {
    throw new WinnowError('BACKEND_UNAVAILABLE', `Backend "${name}" does not start here.`, {
      hint: 'See `winnow doctor` for the ones that do.',
    });
  }
}
