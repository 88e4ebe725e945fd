import { type BackendDescriptor, WinnowError, defineBackend } from '@winnow/plugin-api';
import { activate } from './activate.ts';

function tensorflowPackage(
  name: string,
  packageName: string,
  summary: string,
  priority: number,
): BackendDescriptor {
  return defineBackend({
    name,
    summary,
    priority,
    async start() {
      try {
        await import(packageName);
      } catch (cause) {
        const absent = (cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
        throw new WinnowError(
          'BACKEND_UNAVAILABLE',
          absent
            ? `Backend "${name}" needs the package ${packageName}, which is not installed.`
            : `Backend "${name}" cannot load ${packageName} (${String((cause as Error).message).split('\n')[0]}).`,
          { hint: `Install it with: npm i ${packageName}@4.22.0`, cause },
        );
      }
      await activate('tensorflow');
    },
  });
}

export const tensorflowGpu = tensorflowPackage(
  'tensorflow-gpu',
  '@tensorflow/tfjs-node-gpu',
  'TensorFlow on an NVIDIA GPU through CUDA',
  100,
);

export const tensorflow = tensorflowPackage(
  'tensorflow',
  '@tensorflow/tfjs-node',
  "TensorFlow's native library on the CPU",
  20,
);
