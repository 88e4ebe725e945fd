import { describe, expect, it } from '@jest/globals';
import { relativeError } from './golden.ts';

describe(relativeError, () => {
  it('is in units of the largest expected magnitude, and NaN where something is missing', () => {
    expect(relativeError([1, -3.5], [1, -4])).toBe(0.125);
    expect(relativeError([NaN, 1], [1, 1])).toBeNaN();
    expect(relativeError([1], [1, 2])).toBeNaN();
  });
});
