import { afterEach, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { wasm } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { backendConformance } from './backend-conformance.ts';

// The reference in JavaScript takes half a minute.
describe.each(backendsHere().filter(({ name }) => name !== 'cpu'))('$name', (backend) => {
  for (const { name, run } of backendConformance(backend)) it(name, run);
});

describe('backendConformance finds', () => {
  const KERNEL = 'BatchMatMul';
  const register = (kernelFunc: tf.KernelFunc) => {
    tf.unregisterKernel(KERNEL, 'wasm');
    tf.registerKernel({ kernelName: KERNEL, backendName: 'wasm', kernelFunc });
  };
  let original: tf.KernelFunc;
  afterEach(() => register(original));

  it('a matrix product that is doubled', async () => {
    await wasm.start();
    original = tf.getKernel(KERNEL, 'wasm').kernelFunc;
    register((call) => {
      const product = original(call) as tf.TensorInfo;
      const add = tf.getKernel('Add', 'wasm').kernelFunc;
      return add({ ...call, inputs: { a: product, b: product } });
    });
    for (const { run } of backendConformance(wasm))
      await expect(run()).rejects.toThrow('is off by');
  });
});
