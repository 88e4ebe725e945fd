import { expect, it } from '@jest/globals';
import { curvesOf } from './sample-groups.ts';

const points = (...values: number[]) => values.map((value, i) => ({ x: i + 1, value }));

it('has a mean of seeds that went through the same steps alone', () => {
  const [one, two] = [
    { seed: 1, points: points(1, 2) },
    { seed: 2, points: points(3, 6) },
  ];
  expect(curvesOf('cts', [one, two]).at(-1)).toEqual({
    ...{ series: 'cts', seed: undefined },
    points: points(2, 4),
  });
  const shorter = { seed: 3, points: points(5) };
  const elsewhere = { seed: 3, points: points(5, 5).map(({ x, value }) => ({ x: 2 * x, value })) };
  for (const other of [shorter, elsewhere])
    expect(curvesOf('cts', [one, other]).map(({ seed }) => seed)).toEqual([1, 3]);
});
