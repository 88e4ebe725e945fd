import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { backendsHere } from '../backends/backends-here.ts';
import { directionalDerivatives, irregular, secondDerivatives } from '../finite-differences.ts';
import { valueAndGradient } from '../value-and-gradient.ts';

type Given = Record<'offset' | 'scale', tf.Tensor1D | undefined>;

const normalized = (
  x: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  { offset, scale }: Partial<Given>,
) =>
  tf.square(
    tf.batchNorm(
      x as tf.Tensor2D,
      mean as tf.Tensor1D,
      tf.add<tf.Tensor1D>(variance, 2),
      offset,
      scale,
      0.1,
    ),
  );

describe.each(backendsHere())('the gradient of tf.batchNorm on $name', (backend) => {
  beforeAll(() => backend.start());

  it.each<[string, (own: tf.Tensor1D) => Partial<Given>]>([
    ['scale', (offset) => ({ offset })],
    ['offset', (scale) => ({ scale })],
    ['scale and offset', () => ({})],
  ])('does without %s', (_, given) => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const f = (x: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor, own: tf.Tensor) =>
        tf.mul(normalized(x, mean, variance, given(own as tf.Tensor1D)), own);
      const inputs = [[4, 3], [3], [3], [3]].map((shape, i) => irregular(shape, 5 * i));
      for (const derivatives of [directionalDerivatives, secondDerivatives]) {
        const { gradient, difference } = derivatives(f, inputs);
        expect(Math.abs(difference)).toBeGreaterThan(1e-3);
        expect(Math.abs(gradient - difference)).toBeLessThan(3e-3 * (1 + Math.abs(difference)));
      }
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is that of (x − μ)² / (σ² + ε) in a training step', () => {
    const x = tf.tensor1d([1, 5, 2, 8]);
    const before = tf.memory().numTensors;
    const { value, gradient } = valueAndGradient((v) => {
      const [mean, variance] = [tf.tensor1d([1, 2]), tf.tensor1d([1, 3])];
      const y = tf.batchNorm2d(
        tf.reshape<tf.Rank.R2>(v, [2, 2]),
        mean,
        variance,
        undefined,
        undefined,
        1,
      );
      return tf.sum(tf.square(y));
    }, x);
    expect(value.dataSync()[0]).toBeCloseTo(0 / 2 + 9 / 4 + 1 / 2 + 36 / 4, 5);
    const expected = [0, (2 * 3) / 4, (2 * 1) / 2, (2 * 6) / 4];
    for (const [i, slope] of expected.entries())
      expect(gradient.dataSync()[i]).toBeCloseTo(slope, 5);
    expect(tf.memory().numTensors).toBe(before + 2);
  });
});
