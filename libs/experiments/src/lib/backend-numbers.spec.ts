import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import models from '@winnow/models';
import objectives from '@winnow/objectives';
import { ComponentRegistry } from '@winnow/plugin-api';
import { wasm } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { backendNumbers, opsThatLoseNaN, relativeDifference } from './backend-numbers.ts';

const registry = new ComponentRegistry([...models.components, ...objectives.components]);

it('compares by the largest magnitude, and nothing with what is no number', () => {
  const numbers = Float32Array.of(4, -8, 0);
  expect(relativeDifference(Float32Array.of(4, -8, 2), numbers)).toBe(0.25);
  expect(relativeDifference(numbers, numbers)).toBe(0);
  expect(relativeDifference(Float32Array.of(4, NaN, 0), numbers)).toBeNaN();
});

it('tells backends that compute alike', async () => {
  const all = [];
  for (const backend of backendsHere().filter(({ name }) => name !== 'cpu')) {
    await backend.start();
    all.push(backendNumbers(registry));
  }
  const [first, ...others] = all;
  expect(first!.gradient.some((value) => value !== 0)).toBe(true);
  expect(first!.searched.some((value) => value !== 0)).toBe(true);
  for (const { gradient, searched } of others) {
    expect(relativeDifference(gradient, first!.gradient)).toBeLessThan(1e-4);
    expect(relativeDifference(searched, first!.searched)).toBeLessThan(1e-4);
  }
});

describe('a backend that', () => {
  const KERNEL = 'Sigmoid';
  let original: tf.KernelFunc;
  const register = (kernelFunc: tf.KernelFunc) => {
    tf.unregisterKernel(KERNEL, 'wasm');
    tf.registerKernel({ kernelName: KERNEL, backendName: 'wasm', kernelFunc });
  };
  beforeAll(async () => {
    await wasm.start();
    original = tf.getKernel(KERNEL, 'wasm').kernelFunc;
  });
  afterEach(() => register(original));

  it('hands NaN on loses none', () => {
    expect(opsThatLoseNaN()).toEqual([]);
  });

  it('makes a number of NaN is found out', () => {
    register(tf.getKernel('ZerosLike', 'wasm').kernelFunc);
    expect(opsThatLoseNaN()).toEqual(['sigmoid']);
  });
});
