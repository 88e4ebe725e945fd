import { replaceKernel } from '../array-kernel.ts';
import { useComposed } from './composed-kernel.ts';
import { composedNormalization } from './composed-normalize.ts';
import { composedRelax } from './composed-relax.ts';
import { tensorflowEngine } from './tensorflow-engine.ts';
import { tensorflowAnew, tensorflowInputs } from './tensorflow-inputs.ts';
import { tensorflowNormalization } from './tensorflow-normalize.ts';
import { tensorflowPadding } from './tensorflow-padding.ts';
import { tensorflowReference } from './tensorflow-reference.ts';

/** Kernels on TensorFlow: steps stay on its device, and what TensorFlow.js's cannot do is done. */
export function addTensorflowKernels(onGpu: boolean): void {
  useComposed([...composedNormalization, composedRelax, ...tensorflowAnew], 'tensorflow');
  const around = [
    tensorflowNormalization,
    tensorflowPadding,
    tensorflowInputs,
    () => tensorflowReference(onGpu),
    ...(onGpu ? [] : [tensorflowEngine]),
  ];
  // Each stands on those before it.
  for (const kernels of around) kernels().forEach(replaceKernel);
}
