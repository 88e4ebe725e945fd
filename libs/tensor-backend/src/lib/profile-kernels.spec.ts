import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { cpu } from './backends/cpu.ts';
import { type KernelProfile, profileKernels } from './profile-kernels.ts';

let clock = 0;

/** A kernel that takes `ms` milliseconds of a made-up clock, and calls another by name where one is given. */
function slowKernel(kernelName: string, ms: number, inner?: string): void {
  const kernelFunc: tf.KernelFunc = () => {
    clock += ms;
    if (inner) tf.engine().runKernel(inner, {});
    return [];
  };
  tf.registerKernel({ kernelName, backendName: 'cpu', kernelFunc });
}

describe('profileKernels', () => {
  let profile: KernelProfile | undefined;
  beforeAll(() => cpu.start());
  afterEach(() => {
    profile?.restore();
    jest.restoreAllMocks();
  });

  it('counts calls, and time without that of inner kernels', () => {
    jest.spyOn(performance, 'now').mockImplementation(() => clock);
    slowKernel('Inner', 20);
    slowKernel('Outer', 5, 'Inner');
    profile = profileKernels('cpu');
    tf.engine().runKernel('Outer', {});
    tf.engine().runKernel('Outer', {});
    tf.engine().runKernel('Inner', {});
    expect(profile.take()).toEqual([
      { op: 'Inner', calls: 3, ms: 60 },
      { op: 'Outer', calls: 2, ms: 10 },
    ]);
    expect(profile.take()).toEqual([]);
  });

  it('puts the kernels back', () => {
    const before = tf.getKernel('Add', 'cpu').kernelFunc;
    profile = profileKernels('cpu');
    expect(tf.getKernel('Add', 'cpu').kernelFunc).not.toBe(before);
    tf.add(1, 2).dispose();
    profile.restore();
    expect(tf.getKernel('Add', 'cpu').kernelFunc).toBe(before);
    expect(profile.take()).toMatchObject([{ op: 'Add', calls: 1 }]);
  });
});
