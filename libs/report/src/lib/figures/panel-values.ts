import type { FigurePanel, Group, Level } from './figure.ts';

/** From two seeds no interval can be told that would not flatten all else. */
const LEAST_SEEDS = 3;

function heights({ mean, interval, samples }: Group | Level, isShare: boolean): number[] {
  const told = interval && samples.length >= LEAST_SEEDS ? interval : [];
  const reach = isShare ? told.map((end) => Math.max(0, Math.min(1, end))) : told;
  return [mean, ...samples.map(({ value }) => value), ...reach];
}

/** Places along x that are drawn. */
export function xValues(panel: FigurePanel): number[] {
  if (panel.kind === 'curves')
    return panel.curves.flatMap(({ points }) => points.map(({ x }) => x));
  return panel.groups.flatMap(({ x, samples }) => [x, ...samples.map((sample) => sample.x)]);
}

/** What was measured: levels and intervals may reach where a log axis has no place for them. */
export function measuredValues(panel: FigurePanel): number[] {
  if (panel.kind === 'curves')
    return panel.curves.flatMap(({ points }) => points.map(({ value }) => value));
  return panel.groups.flatMap(({ mean, samples }) => [mean, ...samples.map(({ value }) => value)]);
}

/** What the axis of values is to hold. */
export function yValues(panel: FigurePanel): number[] {
  if (panel.kind === 'curves') {
    const drawn = panel.curves.flatMap(({ points }) => points);
    return [...drawn, ...panel.targets].map(({ value }) => value);
  }
  const levels = panel.levels.filter(({ aside }) => !aside);
  const isShare = panel.y.unit === 'percent';
  return [...panel.groups, ...levels].flatMap((own) => heights(own, isShare));
}
