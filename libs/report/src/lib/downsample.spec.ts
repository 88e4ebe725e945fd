import { expect, it } from '@jest/globals';
import { downsample } from './downsample.ts';

it('keeps order, ends and extremes within the limit', () => {
  const points = Array.from({ length: 1003 }, (_, step) => ({ step, value: Math.sin(step / 9) }));
  points[500]!.value = -7;
  points[501]!.value = 7;
  const kept = downsample(points, 40);
  const steps = kept.map(({ step }) => step);
  expect(kept.length).toBeLessThanOrEqual(40);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(steps).toEqual(expect.arrayContaining([0, 500, 501, 1002]));
  expect(downsample(points, 1003)).toEqual(points);
});
