import { expect, it } from '@jest/globals';
import { sampleStatistics } from './sample-statistics.ts';

it('gives what R does for the first group of the sleep data of Student', () => {
  const { n, mean, deviation, interval } = sampleStatistics([
    0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0,
  ]);
  expect([n, mean]).toEqual([10, 0.75]);
  expect(deviation).toBeCloseTo(1.78901, 5);
  expect(interval![0]).toBeCloseTo(-0.5297804, 6);
  expect(interval![1]).toBeCloseTo(2.0297804, 6);
});

it('knows no spread of a single value, and none at all of equal ones', () => {
  expect(sampleStatistics([0.1])).toEqual({ n: 1, mean: 0.1, deviation: null, interval: null });
  expect(sampleStatistics([0.1, 0.1, 0.1])).toMatchObject({ deviation: 0, interval: [0.1, 0.1] });
});
