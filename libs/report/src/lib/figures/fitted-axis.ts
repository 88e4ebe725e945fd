import { WinnowError } from '@winnow/plugin-api';
import { leastOf, mostOf } from '../extremes.ts';
import { type Tick, ownTicks, roundTicks } from './axis-ticks.ts';
import type { Axis } from './figure.ts';

/** An axis as it is drawn. */
export interface FittedAxis {
  readonly label: string;
  readonly scale: 'linear' | 'log' | 'symlog';
  /** Of a symlog scale, up to where it is about linear. */
  readonly constant?: number;
  readonly domain: readonly [number, number];
  readonly ticks: readonly Tick[];
  /** Whether its ticks are round numbers, not places of its own. */
  readonly isRound: boolean;
}

/** From here on the largest value would flatten the rest on a linear scale. */
const LOG_RATIO = 20;
/** At each end, of what lies between; more where several series have their ends beside one another. */
const PADDING = 0.045;
const PADDING_OF_PLACES = 0.07;

/**
 * Fits an axis to the finite values among these, with some room around them; its own ends stand. On a log axis only values
 * and ends above 0 count. By `measured` a scale `auto` is chosen. Throws BAD_STYLE where no value can lie between its ends.
 */
export function fitAxis(
  axis: Axis,
  values: readonly number[],
  measured: readonly number[] = values,
): FittedAxis {
  const finite = values.filter(Number.isFinite);
  const positive = finite.filter(isPositive);
  const scale =
    axis.scale === 'auto'
      ? usualScale(measured.filter(Number.isFinite))
      : scaleOf(axis.scale, finite);
  const fitting = scale === 'log' ? positive : finite;
  const ends = fitting.length > 0 ? [leastOf(fitting), mostOf(fitting)] : [1, 1];
  const padding = axis.ticks ? PADDING_OF_PLACES : PADDING;
  const constant = leastOf(positive) / 3;
  const padded = padWith[scale](ends[0]!, ends[1]!, padding, constant);
  const end = (own: number | undefined) =>
    scale === 'log' && own !== undefined && own <= 0 ? undefined : own;
  const domain = [end(axis.from) ?? padded[0], end(axis.to) ?? padded[1]] as const;
  if (domain[0] >= domain[1]) throw emptyAxis(axis);
  return {
    label: axis.label,
    scale,
    ...(scale === 'symlog' && { constant }),
    domain: axis.reversed ? [domain[1], domain[0]] : domain,
    isRound: axis.ticks === undefined,
    ticks: axis.ticks ? ownTicks(axis, axis.ticks) : roundTicks(axis, scale, domain, constant),
  };
}

const isPositive = (value: number) => value > 0;
const isWide = (positive: readonly number[]) => mostOf(positive) / leastOf(positive) > LOG_RATIO;

const usualScale = (finite: readonly number[]) =>
  isWide(finite) && finite.every(isPositive) ? 'log' : 'linear';

function scaleOf(
  scale: Exclude<Axis['scale'], 'auto'>,
  finite: readonly number[],
): FittedAxis['scale'] {
  // Without a 0, or without what is far from it, a symlog scale has no need for its place.
  const needsPlace = !finite.every(isPositive) && isWide(finite.filter(isPositive));
  return scale === 'symlog' && !needsPlace ? usualScale(finite) : scale;
}

export const isWithin = ({ domain: [a, b] }: FittedAxis, value: number) =>
  value >= Math.min(a, b) && value <= Math.max(a, b);

/** Where a value lies along an axis: 0 at its beginning, 1 at its end. */
export function shareOf({ scale, domain, constant }: FittedAxis, value: number): number {
  const stretch = (at: number) =>
    scale === 'linear' ? at : scale === 'log' ? Math.log(at) : Math.log1p(at / constant!);
  const [from, to] = [stretch(domain[0]), stretch(domain[1])];
  return (stretch(value) - from) / (to - from);
}

const emptyAxis = ({ label }: Axis) =>
  new WinnowError('BAD_STYLE', `All that is drawn lies outside of the axis “${label}”.`, {
    hint: 'Give it other ends, or none.',
  });

type Pad = (least: number, most: number, padding: number, constant: number) => [number, number];

const padWith: Readonly<Record<FittedAxis['scale'], Pad>> = {
  linear(least, most, padding) {
    const room = (most - least || Math.abs(most) || 1) * padding;
    return [least - room, most + room];
  },
  log(least, most, padding) {
    const room = (most / least) ** padding * (most === least ? 1.5 : 1);
    return [least / room, most * room];
  },
  symlog(least, most, padding, constant) {
    const [from, to] = [Math.log1p(least / constant), Math.log1p(most / constant)];
    const room = (to - from) * padding;
    return [Math.expm1(from - room) * constant, Math.expm1(to + room) * constant];
  },
};
