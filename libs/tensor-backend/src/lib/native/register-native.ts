import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { replaceKernel } from '../kernels/array-kernel.ts';
import { loadEngine } from './engine.ts';
import { elementwiseKernels } from './kernels/elementwise.ts';
import { linearMapKernels } from './kernels/linear-maps.ts';
import { movementKernels } from './kernels/movement.ts';
import { normalizationKernels } from './kernels/normalization.ts';
import { reductionKernels } from './kernels/reductions.ts';
import { NativeBackend } from './native-backend.ts';
import type { NativeKernel } from './native-kernel.ts';
import { referenceKernel } from './reference-kernel.ts';

const NAME = 'native';

const kernels: readonly NativeKernel[] = [
  ...elementwiseKernels,
  ...reductionKernels,
  ...movementKernels,
  ...linearMapKernels,
  ...normalizationKernels,
];

/** Registers the backend `native` with its kernels, once. Throws BACKEND_UNAVAILABLE. */
export function registerNative(): void {
  if (tf.findBackend(NAME)) return;
  const engine = loadEngine();
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    replaceKernel({ ...kernel, backendName: NAME, kernelFunc: referenceKernel(kernel) });
  }
  for (const { name, accepts, run } of kernels) {
    const reference = tf.getKernel(name, NAME)?.kernelFunc;
    const own = run as unknown as tf.KernelFunc;
    const kernelFunc: tf.KernelFunc = reference
      ? (call) => (accepts(call as never) ? own(call) : reference(call))
      : own;
    replaceKernel({ kernelName: name, backendName: NAME, kernelFunc });
  }
  tf.registerBackend(NAME, () => new NativeBackend(engine));
}
