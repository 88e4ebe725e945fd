// What of a figure lies within an axis whose ends a style may have set. What lies all outside of it is not drawn, be it clipped
// or not: what paints PNGs ends the whole process at it.
import type { Group, Level } from './figure.ts';
import { type FittedAxis, isWithin } from './fitted-axis.ts';

/** Those that are drawn: a log axis has no place for a 0. */
export const levelsWithin = (levels: readonly Level[], axis: FittedAxis) =>
  levels.filter(({ mean }) => isWithin(axis, mean) && (axis.scale !== 'log' || mean > 0));

interface Ends {
  readonly low: number;
  readonly high: number;
}

/** An interval as far as it is drawn, of a share between 0 and 1; nothing of one outside. */
export function drawnInterval(
  interval: Group['interval'],
  isShare: boolean,
  { domain }: FittedAxis,
): Ends | undefined {
  if (!interval) return undefined;
  const low = Math.max(interval[0], ...(isShare ? [0] : []), Math.min(...domain));
  const high = Math.min(interval[1], ...(isShare ? [1] : []), Math.max(...domain));
  return low <= high ? { low, high } : undefined;
}

/** Whether a line through values has a part within. */
export function crosses({ domain }: FittedAxis, values: readonly number[]): boolean {
  const [least, most] = [Math.min(...domain), Math.max(...domain)];
  return values.some((value) => value >= least) && values.some((value) => value <= most);
}
