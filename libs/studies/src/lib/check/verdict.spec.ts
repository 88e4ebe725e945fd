import { expect, it } from '@jest/globals';
import { judge } from './verdict.ts';

it('judges by the side of 0 on which the interval lies', () => {
  const [low, middle, high] = [
    [0.1, 0.11, 0.09],
    [0.5, 0.1, 0.9],
    [0.8, 0.81, 0.82],
  ] as const;
  expect(judge(high, low).verdict).toBe('passed');
  expect(judge(low, high).verdict).toBe('worse');
  expect(judge(high, middle).verdict).toBe('no-difference');
});

it('takes samples without spread, as collapsed networks leave them, for what they are', () => {
  expect(judge([0.1, 0.1, 0.1], [0.1, 0.1, 0.1])).toMatchObject({
    verdict: 'no-difference',
    interval: [0, 0],
    p: 1,
    statistic: null,
  });
  expect(judge([0.5, 0.5, 0.5], [0.25, 0.25, 0.25])).toMatchObject({ verdict: 'passed', p: 0 });
});
