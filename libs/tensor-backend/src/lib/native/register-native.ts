import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { replaceKernel } from '../kernels/array-kernel.ts';
import { nativePrograms } from '../programs/native-programs.ts';
import { setPrograms } from '../programs/program.ts';
import { referenceKernel } from '../reference/reference-kernel.ts';
import { type Transfer, hostVectors } from '../vectors/host-vectors.ts';
import { nativeArithmetic } from '../vectors/native-arithmetic.ts';
import type { Vectors } from '../vectors/vector.ts';
import { type Engine, loadEngine } from './engine.ts';
import { depthwiseKernels } from './kernels/depthwise.ts';
import { elementwiseKernels } from './kernels/elementwise.ts';
import { convolutionKernels, matrixProduct, poolingKernels } from './kernels/linear-maps.ts';
import { movementKernels } from './kernels/movement.ts';
import { normalizationKernels } from './kernels/normalization.ts';
import { programKernels } from './kernels/programs.ts';
import { reductionKernels } from './kernels/reductions.ts';
import { NativeBackend } from './native-backend.ts';
import type { NativeKernel } from './native-kernel.ts';

const NAME = 'native';

const kernelsOf = ({ choices }: Engine): readonly NativeKernel[] => [
  ...elementwiseKernels(choices),
  ...reductionKernels(choices),
  ...movementKernels,
  matrixProduct,
  ...convolutionKernels,
  ...poolingKernels,
  ...depthwiseKernels,
  ...normalizationKernels,
  ...programKernels,
];

/** Tensors of the engine copy the array that they are made of, and are read into one that is there. */
function transferOf(engine: Engine): Transfer {
  return {
    upload: (values) => tf.tensor1d(values),
    download(tensor, into) {
      const backend = tf.backend() as NativeBackend;
      engine.read(backend.handle(tensor), into);
    },
  };
}

/** Registers the backend `native` with its kernels, once, and gives its vectors. Throws BACKEND_UNAVAILABLE. */
export function registerNative(): Vectors {
  const engine = loadEngine();
  const vectors = hostVectors(nativeArithmetic(engine), transferOf(engine));
  if (tf.findBackend(NAME)) return vectors;
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    replaceKernel({ ...kernel, backendName: NAME, kernelFunc: referenceKernel(kernel) });
  }
  for (const { name, accepts, run } of kernelsOf(engine)) {
    const reference = tf.getKernel(name, NAME)?.kernelFunc;
    const own = run as unknown as tf.KernelFunc;
    const kernelFunc: tf.KernelFunc = reference
      ? (call) => (accepts(call as never) ? own(call) : reference(call))
      : own;
    replaceKernel({ kernelName: name, backendName: NAME, kernelFunc });
  }
  setPrograms(NAME, nativePrograms(engine));
  tf.registerBackend(NAME, () => new NativeBackend(engine));
  return vectors;
}
