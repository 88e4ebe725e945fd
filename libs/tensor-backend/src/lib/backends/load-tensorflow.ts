import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { WinnowError } from '@winnow/plugin-api';
import { BINDING } from '../install/recipes.ts';
import { DeviceMemory } from '../device-memory.ts';
import { wantedThreads } from '../native/engine.ts';
import type { Borrower } from '../reference/reference-kernel.ts';
import { type TensorBinding, countedBinding } from './counted-binding.ts';
import { backendFolder, installedPath } from './installed-packages.ts';
import { graphicsDriver, noDriver, noGpu, whyNotLoaded } from './tensorflow-diagnosis.ts';

/** TensorFlow.js's package for a backend of TensorFlow, in which everything of TensorFlow itself is compiled. */
export interface TensorflowPackage {
  readonly backend: 'tensorflow' | 'tensorflow-gpu';
  readonly packageName: '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';
}

interface Binding extends TensorBinding {
  isUsingGpuDevice(): boolean;
}

interface BackendModule {
  readonly NodeJSKernelBackend: new (binding: Binding, packageName: string) => tf.KernelBackend;
}

/** The name by which the package's kernels are registered, on a GPU too. */
export const TENSORFLOW = 'tensorflow';

/** What reference kernels ask of a backend that borrows them; none of those that it lacks takes or makes complex numbers. */
const BORROWER: Pick<Borrower, 'halves' | 'complex'> = {
  halves: () => undefined,
  complex: () => {
    throw new Error('TensorFlow has kernels of its own for complex numbers.');
  },
};

/** Its library is the process's, and so are its kernels: another cannot come beside it. */
let loaded: { readonly backend: string; readonly onGpu: boolean } | undefined;

/** Read by TensorFlow when its library is loaded; what the person has set stays. */
function settings(): Record<string, string> {
  return {
    // What goes wrong in an op is the op's error; its log is for its authors.
    TF_CPP_MIN_LOG_LEVEL: '3',
    TF_NUM_INTRAOP_THREADS: String(wantedThreads()),
    TF_DETERMINISTIC_OPS: '1',
    // TensorFlow leaves it off on some processors, on which a step then takes half as long again (docs/backends.md).
    TF_ENABLE_ONEDNN_OPTS: '1',
    // Or else it takes all memory of a GPU at once, and its matrix units round float32 to 10 bits.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    NVIDIA_TF32_OVERRIDE: '0',
  };
}

/** What the packages of 4.22 call of node:util on every write: gone in Node 23, and a warning in Node 22. */
function restoreUtil(): void {
  Object.assign(util, {
    isArray: Array.isArray,
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  });
}

/**
 * The packages ask for `@tensorflow/tfjs`; they are given the core that is used here. A second core warns, and the whole
 * brings gradients and backends of its own, of which some would take the place of Winnow's.
 */
function shareCore(require: NodeJS.Require): void {
  const own = createRequire(import.meta.url);
  own('@tensorflow/tfjs-core');
  const core = own.cache[own.resolve('@tensorflow/tfjs-core')];
  for (const name of ['@tensorflow/tfjs', '@tensorflow/tfjs-core']) {
    try {
      require.cache[require.resolve(name)] ??= core;
    } catch {
      // Not there: then nothing that is loaded asks for it.
    }
  }
}

/**
 * Registers TensorFlow as a backend of TensorFlow.js, once; returns whether it computes on a GPU, which a library for one may
 * do under the other name too. Throws BACKEND_UNAVAILABLE, INVALID_THREADS.
 */
export function loadTensorflow({ backend, packageName }: TensorflowPackage): boolean {
  if (loaded?.backend === backend) return loaded.onGpu;
  if (loaded) {
    throw new WinnowError(
      'BACKEND_UNAVAILABLE',
      `Backend "${backend}" cannot start in a process that has started "${loaded.backend}": it holds one TensorFlow.`,
      { hint: 'Start another process for it.' },
    );
  }
  const wanted = backend === 'tensorflow-gpu';
  try {
    const folder = dirname(installedPath(backend, `${packageName}/package.json`));
    if (wanted && !graphicsDriver()) throw noDriver();
    const require = createRequire(join(folder, 'package.json'));
    for (const [name, value] of Object.entries(settings())) process.env[name] ??= value;
    restoreUtil();
    shareCore(require);
    const binding = require(join(folder, BINDING)) as Binding;
    const onGpu = binding.isUsingGpuDevice();
    if (wanted && !onGpu) throw noGpu();
    const { NodeJSKernelBackend } = require('./dist/nodejs_kernel_backend.js') as BackendModule;
    require('./dist/register_all_kernels.js');
    const deviceMemory = new DeviceMemory();
    const counted = countedBinding(binding, deviceMemory);
    tf.registerBackend(TENSORFLOW, () =>
      Object.assign(new NodeJSKernelBackend(counted, packageName), BORROWER, { deviceMemory }),
    );
    loaded = { backend, onGpu };
    return onGpu;
  } catch (error) {
    if (error instanceof WinnowError) throw error;
    const own = backendFolder(backend);
    throw whyNotLoaded(backend, error, existsSync(own) ? own : undefined);
  }
}
