import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { quickBackendsHere } from '@winnow/tensor-backend/node';
import { standardize } from './standardize.ts';

describe.each(quickBackendsHere())('standardised rows on $name', (backend) => {
  beforeAll(() => backend.start());

  it('have mean 0 and deviation 1, and a row of one value is 0 with a finite gradient', () => {
    // Of 1, 2, 3 the unbiased deviation is 1.
    const rows = tf.tensor2d([1, 2, 3, 0, 0, 0], [2, 3]);
    expect([...standardize(rows, 0.5).dataSync()]).toEqual(
      [-2 / 3, 0, 2 / 3, 0, 0, 0].map(Math.fround),
    );
    const gradient = tf.grad((x) =>
      tf.sum(tf.mul(standardize(tf.relu(x as tf.Tensor2D), 1e-9), [1, 0, 0])),
    )(rows);
    const [first, ...others] = gradient.dataSync();
    // (x₁ − x̄)/s by x₁: (1 − 1/3)/s − (x₁ − x̄)²/(2 s³) = 2/3 − 1/2.
    expect(first).toBeCloseTo(1 / 6, 5);
    expect(others.slice(2).map(Math.abs)).toEqual([0, 0, 0]);
  });
});
