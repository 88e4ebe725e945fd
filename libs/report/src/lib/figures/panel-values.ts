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

/** What the axis of values is to hold. */
export function yValues(panel: FigurePanel): number[] {
  if (panel.kind === 'curves') {
    const drawn = panel.curves.flatMap(({ points }) => points.map(({ value }) => value));
    return panel.target === undefined ? drawn : [...drawn, panel.target];
  }
  const levels = panel.levels.filter(({ aside }) => !aside);
  const isShare = panel.y.unit === 'percent';
  return [...panel.groups, ...levels].flatMap((own) => heights(own, isShare));
}
