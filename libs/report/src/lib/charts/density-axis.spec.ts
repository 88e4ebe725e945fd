import { expect, it } from '@jest/globals';
import { labelledDensities } from './density-axis.ts';

it('labels both ends, and what has room between', () => {
  // On 100 pixels for a decade, 0.9 and 1 are 5 apart, 0.5 and 1 are 30.
  expect(labelledDensities([0.1, 0.5, 0.9, 1], 100, 20)).toEqual([0.1, 0.5, 1]);
  expect(labelledDensities([0.1, 0.9, 1], 100, 20)).toEqual([0.1, 1]);
  expect(labelledDensities([0.1, 0.3, 1], 100, 20)).toEqual([0.1, 0.3, 1]);
  expect(labelledDensities([0.5], 100, 20)).toEqual([0.5]);
});
