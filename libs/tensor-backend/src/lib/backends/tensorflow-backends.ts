import { type BackendDescriptor, defineBackend } from '@winnow/plugin-api';
import { activate } from './activate.ts';
import type { TensorflowPackage } from './load-tensorflow.ts';

/** Begins with TensorFlow's library; see `winnow backend install`. */
async function start(of: TensorflowPackage): Promise<void> {
  const [{ TENSORFLOW, loadTensorflow }, { tensorflowVectors }, { addTensorflowKernels }] =
    await Promise.all([
      import('./load-tensorflow.ts'),
      import('../vectors/tensorflow-vectors.ts'),
      import('../kernels/device/tensorflow-kernels.ts'),
    ]);
  const onGpu = loadTensorflow(of);
  const addKernels = () => addTensorflowKernels(onGpu);
  const own = { vectors: tensorflowVectors(), addKernels };
  await activate(TENSORFLOW, own);
}

export const tensorflowGpu: BackendDescriptor = defineBackend({
  name: 'tensorflow-gpu',
  summary: 'TensorFlow on an NVIDIA GPU through CUDA',
  priority: 100,
  external: true,
  start: () => start({ backend: 'tensorflow-gpu', packageName: '@tensorflow/tfjs-node-gpu' }),
});

export const tensorflow: BackendDescriptor = defineBackend({
  name: 'tensorflow',
  summary: "TensorFlow's native library on the CPU",
  priority: 20,
  external: true,
  start: () => start({ backend: 'tensorflow', packageName: '@tensorflow/tfjs-node' }),
});
