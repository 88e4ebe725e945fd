import * as tf from '@tensorflow/tfjs-core';
import { replaceKernel } from './kernels/array-kernel.ts';

export interface KernelTime {
  readonly op: string;
  readonly calls: number;
  /** Milliseconds in the kernel itself, without those of kernels that it calls through the registry. */
  readonly ms: number;
}

export interface KernelProfile {
  /** What was called since the start or the last `take`, the most expensive first. */
  take(): KernelTime[];
  /** Puts the kernels back as they were. */
  restore(): void;
}

/**
 * Times every call of a kernel of a backend, which must be synchronous, as those on the CPU are. A kernel that calls
 * another as a function, and not by name, keeps that time to itself.
 */
export function profileKernels(backendName: string): KernelProfile {
  const times = new Map<string, { calls: number; ms: number }>();
  /** Milliseconds of the kernels called so far by the one that is running. */
  let nested = 0;

  const timed = ({ kernelName, kernelFunc }: tf.KernelConfig): tf.KernelFunc => {
    return (call) => {
      const siblings = nested;
      nested = 0;
      const start = performance.now();
      try {
        return kernelFunc(call);
      } finally {
        const ms = performance.now() - start;
        const time = times.get(kernelName) ?? { calls: 0, ms: 0 };
        times.set(kernelName, { calls: time.calls + 1, ms: time.ms + ms - nested });
        nested = siblings + ms;
      }
    };
  };

  const originals = tf.getKernelsForBackend(backendName);
  for (const config of originals) replaceKernel({ ...config, kernelFunc: timed(config) });
  return {
    take() {
      const taken = [...times].map(([op, time]) => ({ op, ...time }));
      times.clear();
      return taken.sort((a, b) => b.ms - a.ms);
    },
    restore() {
      for (const config of originals) replaceKernel(config);
    },
  };
}
