import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { vectors } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { GradBalance, Lagrange, type SparsityControl } from './sparsity-control.ts';

describe.each(backendsHere())('sparsity control on $name', (backend) => {
  beforeAll(() => backend.start());

  /** The λ of a step, by numbers. */
  const weigh = (control: SparsityControl, task: number, sparsity: number, error: number) =>
    tf.tidy(() => {
      const { of, read } = vectors().scalars;
      const lambda = control.weigh(of(task), of(sparsity), of(error), 0.1);
      return read([lambda]).now()[0]!;
    });

  it('GradBalance begins at the ratio, and follows it by a hundredth a step, from 0 too', () => {
    const control = new GradBalance(0.5);
    expect(control.lambda).toBeUndefined();
    expect(weigh(control, 3, 2, -1)).toBe(0);
    // 0.99 · 0 + 0.01 · 3/2, then 0.99 · 0.015 + 0.01 · 4, then 0.99 · 0.05485.
    expect(weigh(control, 3, 2, 1)).toBeCloseTo(0.015, 7);
    expect(weigh(control, 8, 2, 1)).toBeCloseTo(0.05485, 7);
    expect(weigh(control, 8, 2, 0)).toBeCloseTo(0.0543015, 7);
    expect(control.lambda).toBeCloseTo(0.0543015, 7);
    control.lambda = 0;
    expect(weigh(control, 3, 2, 1)).toBeCloseTo(0.015, 7);
    control.dispose();
    const other = new GradBalance(0.5);
    expect(weigh(other, 3, 2, 1)).toBeCloseTo(1.5, 7);
    other.dispose();
  });

  it('Lagrange weighs by what it was before the step, from 0', () => {
    const control = new Lagrange(0.5, 2);
    // It climbs by 0.01 · 2 · 0.1 · S.
    expect(weigh(control, 1, 1, 50)).toBe(0);
    expect(weigh(control, 1, 1, -25)).toBeCloseTo(0.1, 7);
    expect(control.lambda).toBeCloseTo(0.05, 7);
    control.lambda = 0.3;
    expect(weigh(control, 1, 1, 0)).toBeCloseTo(0.3, 6);
    control.dispose();
  });
});
