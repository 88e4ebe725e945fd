import { expect, it } from '@jest/globals';
import { welchTest } from './welch-test.ts';

it('gives what the manual of R prints for the sleep data of Student', () => {
  const test = welchTest(
    [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
  );
  expect(test.difference).toBeCloseTo(-1.58, 12);
  expect(test.statistic).toBeCloseTo(-1.8608, 4);
  expect(test.degreesOfFreedom).toBeCloseTo(17.776, 3);
  expect(test.p).toBeCloseTo(0.07939, 5);
  expect(test.interval[0]).toBeCloseTo(-3.3654832, 6);
  expect(test.interval[1]).toBeCloseTo(0.2054832, 6);
});

it('has no answer for a sample of one', () => {
  expect(() => welchTest([0.9], [0.8])).toThrow(RangeError);
  expect(() => welchTest([0.9, 0.8], [])).toThrow(RangeError);
});

it('gives what @stdlib/stats-ttest2 gives for three of each', () => {
  const test = welchTest([1, 2, 3], [0, 0.5, 1.5]);
  expect(test.statistic).toBeCloseTo(1.8353258709644944, 12);
  expect(test.degreesOfFreedom).toBeCloseTo(3.740932642487047, 12);
  expect(test.p).toBeCloseTo(0.14529779528264603, 7);
  expect(test.interval[0]).toBeCloseTo(-0.7400084903730163, 6);
  expect(test.interval[1]).toBeCloseTo(3.406675157039683, 6);
});
