import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { backendsHere } from '../backends/backends-here.ts';
import { normalize } from './normalize.ts';

describe.each(backendsHere())('normalisation on $name', (backend) => {
  beforeAll(() => backend.start());

  const x = () => tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 1, 3, 2]);
  const [one, two] = [() => tf.ones<tf.Rank.R1>([1]), () => tf.ones<tf.Rank.R1>([2])];
  const OTHER = 'normalize has 2 channels, and a scale, shift or statistics of 1.';

  it('refuses vectors of other channels', () => {
    expect(() => normalize(x(), one(), two())).toThrow(OTHER);
    expect(() => normalize(x(), two(), one())).toThrow(OTHER);
    for (const statistics of [
      { mean: one(), variance: two() },
      { mean: two(), variance: one() },
    ])
      expect(() => normalize(x(), two(), two(), { statistics })).toThrow(OTHER);
  });

  it('refuses a residual of another shape', () => {
    const statistics = { mean: two(), variance: two() };
    for (const shape of [
      [1, 1, 3, 1],
      [1, 1, 1, 2],
      [1, 3, 1, 2],
    ] as const) {
      const residual = tf.ones<tf.Rank.R4>([...shape]);
      for (const options of [{ residual }, { residual, statistics }])
        expect(() => normalize(x(), two(), two(), options)).toThrow(
          `normalize has another residual: Shapes 1,1,3,2 and ${shape.join()} must match`,
        );
    }
  });
});
