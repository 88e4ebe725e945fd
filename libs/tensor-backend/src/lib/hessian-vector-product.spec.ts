import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { backendsHere } from './backends/backends-here.ts';
import { hessianVectorProduct } from './hessian-vector-product.ts';

describe.each(backendsHere())('hessianVectorProduct on $name', (backend) => {
  beforeAll(() => backend.start());

  it('multiplies the Hessian of a²b + b³, [[2b, 2a], [2a, 6b]], by a vector', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const f = (x: tf.Tensor1D) => {
        const [a, b] = tf.split(x, 2) as [tf.Tensor, tf.Tensor];
        return tf.sum(tf.add(tf.mul(tf.square(a), b), tf.mul(b, tf.square(b))));
      };
      const product = hessianVectorProduct(f, tf.tensor1d([1, 2]), tf.tensor1d([1, -1]));
      expect([...product.dataSync()]).toEqual([2, -10]);
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves its product alone', () => {
    const [x, v] = [tf.tensor1d([1, 2]), tf.tensor1d([1, -1])];
    const before = tf.memory().numTensors;
    const product = hessianVectorProduct((at) => tf.sum(tf.square(at)), x, v);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect([...product.dataSync()]).toEqual([2, -2]);
    tf.dispose([x, v, product]);
  });
});
