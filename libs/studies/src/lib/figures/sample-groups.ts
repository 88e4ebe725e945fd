import { groupBy, meanAndDeviation } from '@winnow/report';
import type { Curve, Group, Sample } from '@winnow/report/figures';
import { sampleStatistics } from '../statistics/sample-statistics.ts';

/** Runs of a series that are alike but for the seed, with mean and interval; x is the mean of theirs. */
export function sampleGroup(series: string, samples: readonly Sample[]): Group {
  const { mean, interval } = sampleStatistics(samples.map(({ value }) => value));
  const { mean: x } = meanAndDeviation(samples.map((sample) => sample.x));
  return { series, x, mean, interval, samples };
}

/** Those of each series at each x, along x. */
export function groupsAlong(all: readonly (Sample & { readonly series: string })[]): Group[] {
  return [...groupBy(all, ({ series }) => series)].flatMap(([series, own]) =>
    [...groupBy(own, ({ x }) => x).values()]
      .map((samples) =>
        sampleGroup(
          series,
          samples.map(({ series: _, ...sample }) => sample),
        ),
      )
      .sort((a, b) => a.x - b.x),
  );
}

/** The curves of a series' seeds, and where there are several that are equally long, their mean. */
export function curvesOf(
  series: string,
  seeds: readonly { readonly seed: number; readonly points: Curve['points'] }[],
): Curve[] {
  const own = seeds.map((seed): Curve => ({ series, ...seed }));
  const [first, ...others] = own;
  const isAlike = others.every(
    ({ points }) =>
      points.length === first!.points.length &&
      points.every(({ x }, i) => x === first!.points[i]!.x),
  );
  if (others.length === 0 || !isAlike) return own;
  const points = first!.points.map(({ x }, i) => {
    const { mean } = meanAndDeviation(own.map((curve) => curve.points[i]!.value));
    return { x, value: mean };
  });
  return [...own, { series, seed: undefined, points }];
}
