import * as tf from '@tensorflow/tfjs-core';
import { batchNormalizeGradGrad } from './batch-normalize-grad-grad.ts';
import {
  type ArrayKernel,
  arrayKernelFunction,
  kernelForFloats,
  replaceKernel,
} from './array-kernel.ts';
import { affineKernel } from './affine.ts';
import { batchNormInputs } from './batch-norm-inputs.ts';
import { batchNormalize, batchNormalizeGrad } from './batch-normalize.ts';
import { batchedGather } from './batched-gather.ts';
import { columnsToImage } from './columns-to-image.ts';
import { cpuConvolutionKernels } from './cpu-convolution.ts';
import { depthwiseGradients } from './depthwise-gradients.ts';
import { maxPoolGather } from './max-pool-gather.ts';
import { maxPoolGradient } from './max-pool-gradient.ts';
import { relaxKernel } from './relax.ts';
import { samePaddingKernels } from './same-padding.ts';
import { split } from './split.ts';
import { transpose } from './transpose.ts';
import { turnedFilter } from './turned-filter.ts';
import { wasmConvolutionKernels } from './wasm-convolution.ts';
import { wasmReductions } from './wasm-reductions.ts';

const EVERYWHERE = [
  affineKernel,
  batchNormalize,
  batchNormalizeGrad,
  batchNormalizeGradGrad,
  columnsToImage,
  maxPoolGather,
  relaxKernel,
] as readonly ArrayKernel<object>[];

/** Adds the kernels that a backend lacks, and replaces those that are wrong or slow. */
export function addKernels(backendName: string): void {
  if (tf.getKernel(tf.FusedBatchNorm, backendName)) replaceKernel(batchNormInputs(backendName));
  // The engine brings its own.
  if (backendName === 'native') return;
  for (const kernel of EVERYWHERE) {
    const kernelFunc = arrayKernelFunction(kernel, backendName);
    replaceKernel({ kernelName: kernel.name, backendName, kernelFunc });
  }
  if (backendName === 'cpu' || backendName === 'wasm') {
    for (const kernel of depthwiseGradients) {
      const kernelFunc = arrayKernelFunction(kernel, backendName);
      replaceKernel({ kernelName: kernel.name, backendName, kernelFunc });
    }
  }
  if (backendName === 'cpu') {
    cpuConvolutionKernels().forEach(replaceKernel);
    replaceKernel(kernelForFloats(transpose as ArrayKernel<object>, 'cpu'));
  }
  if (backendName === 'wasm') {
    wasmConvolutionKernels.forEach(replaceKernel);
    samePaddingKernels().forEach(replaceKernel);
    replaceKernel(batchedGather());
    for (const kernel of [maxPoolGradient, turnedFilter] as readonly ArrayKernel<object>[]) {
      const kernelFunc = arrayKernelFunction(kernel, backendName);
      replaceKernel({ kernelName: kernel.name, backendName, kernelFunc });
    }
    for (const kernel of [split, ...wasmReductions] as readonly ArrayKernel<object>[])
      replaceKernel(kernelForFloats(kernel, 'wasm'));
  }
}
