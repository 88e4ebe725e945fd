import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exponential } from './exponential.ts';

describe(exponential, () => {
  it('is eˣ within 1e-11', () => {
    fc.assert(
      fc.property(fc.double({ min: -745, max: 709, noNaN: true }), (x) => {
        const exact = Math.exp(x);
        expect(Math.abs(exponential(x) - exact)).toBeLessThanOrEqual(1e-11 * exact);
      }),
    );
  });

  it.each([
    [0, 1],
    [-Infinity, 0],
    [Infinity, Infinity],
    [-800, 0],
    [NaN, NaN],
  ])('takes %p to %p', (x, expected) => {
    expect(exponential(x)).toBe(expected);
  });
});
