import * as Plot from '@observablehq/plot';
import { leastOf, mostOf } from '../extremes.ts';
import type { Look } from '../look.ts';
import { percent } from '../percent.ts';
import type { MethodResult, SeedStatistics } from '../seed-statistics.ts';

/** A method's mean at a density. */
export interface MeanPoint extends SeedStatistics {
  readonly method: string;
}

/** What has no density but the full one, or none at all: a height to compare with. */
export interface Level {
  readonly method: string;
  readonly accuracy: number;
  /** None of chance. */
  readonly seeds?: number;
}

/** From 0, unless all that is drawn lies so high that differences would not show. */
export function accuracyDomain(
  points: readonly Pick<SeedStatistics, 'mean' | 'std'>[],
  results: readonly Pick<MethodResult, 'accuracy'>[],
  levels: readonly Level[],
): [low: number, high: number] {
  const own = results.map(({ accuracy }) => accuracy);
  const reach = points.flatMap(({ mean, std }) => [mean - std, mean + std]);
  const most = mostOf([...own, ...reach, ...levels.map(({ accuracy }) => accuracy)]);
  // Chance may lie below.
  const trained = levels.filter(({ seeds }) => seeds !== undefined);
  const least = leastOf([...own, ...reach, ...trained.map(({ accuracy }) => accuracy)]);
  const high = Math.min(1, Math.max(0.1, Math.ceil(most * 10) / 10));
  const low = Math.min(Math.floor(least * 10) / 10, Math.round(high * 10 - 1) / 10);
  return [low > 0.4 ? low : 0, high];
}

export function accuracyAxis(look: Look, ticks: number): Plot.Markish[] {
  return [
    Plot.gridY({ stroke: look.rule, strokeOpacity: 1, ticks }),
    Plot.axisY({
      ticks,
      tickFormat: (tick: number) => percent(tick, 0),
      tickSize: 0,
      label: null,
      color: look.ink,
    }),
  ];
}

export function levelRules(levels: readonly Level[], low: number, look: Look): Plot.Markish {
  return Plot.ruleY(
    levels.filter(({ accuracy }) => accuracy >= low),
    { y: 'accuracy', stroke: look.quiet, strokeDasharray: '5 4', className: 'levels' },
  );
}

/** A line a method through its means, ± 1 standard deviation shaded, and a point a seed. */
export function meanMarks(
  points: readonly MeanPoint[],
  results: readonly MethodResult[],
  [low, high]: readonly [number, number],
  colour: (of: { readonly method: string }) => string,
  look: Look,
): Plot.Markish[] {
  return [
    Plot.areaY(points, {
      x: 'density',
      y1: ({ mean, std }: MeanPoint) => Math.max(low, mean - std),
      y2: ({ mean, std }: MeanPoint) => Math.min(high, mean + std),
      z: 'method',
      fill: colour,
      fillOpacity: 0.16,
      className: 'deviation',
    }),
    Plot.dot(results, {
      x: 'density',
      y: 'accuracy',
      r: 2.25,
      fill: colour,
      fillOpacity: 0.55,
      className: 'seeds',
    }),
    Plot.lineY(points, {
      x: 'density',
      y: 'mean',
      z: 'method',
      stroke: colour,
      strokeWidth: 2.5,
      className: 'mean',
    }),
    Plot.dot(points, {
      x: 'density',
      y: 'mean',
      r: 4.5,
      fill: colour,
      stroke: look.ground,
      className: 'points',
    }),
  ];
}
