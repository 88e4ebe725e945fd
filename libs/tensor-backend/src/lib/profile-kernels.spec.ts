import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { cpu } from './backends/host-backends.ts';
import { type KernelProfile, profileKernels } from './profile-kernels.ts';

/** A kernel that works for `ms` milliseconds, and calls another by name where one is given. */
function busyKernel(kernelName: string, ms: number, inner?: string): void {
  const kernelFunc: tf.KernelFunc = ({ inputs }) => {
    const end = performance.now() + ms;
    while (performance.now() < end);
    if (inner) tf.getKernel(inner, 'cpu').kernelFunc({ inputs, attrs: {}, backend: undefined });
    return [];
  };
  tf.registerKernel({ kernelName, backendName: 'cpu', kernelFunc });
}

describe('profileKernels', () => {
  let profile: KernelProfile | undefined;
  beforeAll(() => cpu.start());
  afterEach(() => profile?.restore());

  it('counts calls, and time without that of inner kernels', () => {
    busyKernel('Inner', 20);
    busyKernel('Outer', 5, 'Inner');
    profile = profileKernels('cpu');
    tf.engine().runKernel('Outer', {});
    tf.engine().runKernel('Outer', {});
    const [inner, outer] = profile.take();
    expect(inner).toMatchObject({ op: 'Inner', calls: 2 });
    expect(outer).toMatchObject({ op: 'Outer', calls: 2 });
    // The least that the kernels did; inner time in the outer's account would change the order.
    expect(inner!.ms).toBeGreaterThanOrEqual(40);
    expect(outer!.ms).toBeGreaterThanOrEqual(10);
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
