import { WinnowError } from '@winnow/plugin-api';
import { scaleLinear } from 'd3-scale';
import { densityText } from '../percent.ts';
import type { Axis } from './figure.ts';

export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** An axis as it is drawn. */
export interface FittedAxis {
  readonly label: string;
  readonly scale: 'linear' | 'log';
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
const TICKS = 5;

/**
 * Fits an axis to the finite values among these, with some room around them; its own ends stand. On a log axis only values
 * above 0 count. Throws BAD_STYLE where no value can lie between its ends.
 */
export function fitAxis(axis: Axis, values: readonly number[]): FittedAxis {
  const finite = values.filter(Number.isFinite);
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const isLog =
    axis.scale === 'log' || (axis.scale === 'auto' && least > 0 && most / least > LOG_RATIO);
  const fitting = isLog ? finite.filter((value) => value > 0) : finite;
  const ends = fitting.length > 0 ? [Math.min(...fitting), Math.max(...fitting)] : [1, 1];
  const padding = axis.ticks ? PADDING_OF_PLACES : PADDING;
  const padded = (isLog ? padLog : padLinear)(ends[0]!, ends[1]!, padding);
  const domain = [axis.from ?? padded[0], axis.to ?? padded[1]] as const;
  if (domain[0] >= domain[1]) throw emptyAxis(axis);
  return {
    label: axis.label,
    scale: isLog ? 'log' : 'linear',
    domain: axis.reversed ? [domain[1], domain[0]] : domain,
    isRound: axis.ticks === undefined,
    ticks: axis.ticks ? ownTicks(axis, axis.ticks) : roundTicks(axis, isLog, domain),
  };
}

export const isWithin = ({ domain: [a, b] }: FittedAxis, value: number) =>
  value >= Math.min(a, b) && value <= Math.max(a, b);

const emptyAxis = ({ label }: Axis) =>
  new WinnowError('BAD_STYLE', `All that is drawn lies outside of the axis “${label}”.`, {
    hint: 'Give it other ends, or none.',
  });

function padLinear(least: number, most: number, padding: number): [number, number] {
  const room = (most - least || Math.abs(most) || 1) * padding;
  return [least - room, most + room];
}

function padLog(least: number, most: number, padding: number): [number, number] {
  const room = (most / least) ** padding * (most === least ? 1.5 : 1);
  return [least / room, most * room];
}

function ownTicks({ unit, names }: Axis, ticks: readonly number[]): Tick[] {
  const text = (at: number) =>
    names?.[at - 1] ?? (unit === 'percent' ? densityText(at).replace(' %', '') : numberText(at));
  return ticks.map((at) => ({ at, text: text(at) }));
}

function roundTicks(
  { unit }: Axis,
  isLog: boolean,
  [least, most]: readonly [number, number],
): Tick[] {
  const shown = unit === 'percent' ? 100 : 1;
  const domain = [least * shown, most * shown] as const;
  const linear = scaleLinear().domain(domain);
  const rounds = isLog ? logTicks(domain) : [];
  const isSmall = domain.every((end) => Math.abs(end) < 1e5) && most - least > 1e-3;
  if (rounds.length > 1) {
    const text = rounds.some(isFar) ? powerText : numberText;
    return rounds.map((at) => ({ at: at / shown, text: text(at) }));
  }
  const text = isSmall && !isLog ? linear.tickFormat(TICKS) : numberText;
  return linear.ticks(TICKS).map((at) => ({ at: at / shown, text: text(at) }));
}

/** Powers of ten; between few of them 2 and 5 times these too, and of many some. */
function logTicks([least, most]: readonly [number, number]): number[] {
  const first = Math.floor(Math.log10(least));
  const count = Math.ceil(Math.log10(most)) - first + 1;
  const powers = Array.from({ length: count }, (_, i) => first + i);
  const isWithin = (at: number) => at >= least && at <= most;
  const stride = Math.ceil(powers.filter((power) => isWithin(10 ** power)).length / 6) || 1;
  const factors = most / least < 300 ? [1, 2, 5] : [1];
  return powers
    .filter((power) => power % stride === 0)
    .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
    .filter(isWithin);
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const raised = (power: number) =>
  (power < 0 ? '⁻' : '') +
  [...String(Math.abs(power))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');

/** What is not written out. */
const isFar = (value: number) => value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5);

/** 10⁻², beside powers that are not written out. */
function powerText(value: number): string {
  return value === 1 || value === 10 ? String(value) : scientific(value);
}

/** 5×10⁻⁶, 10⁹ */
function scientific(value: number): string {
  const [digits, power] = value.toExponential(2).split('e');
  const factor = String(Number(digits)).replace('-', '−');
  return `${factor === '1' ? '' : `${factor}×`}10${raised(Number(power))}`;
}

/** Three digits: 0.0123, 1,230, 5×10⁻⁶, 10⁹. */
export function numberText(value: number): string {
  if (isFar(value)) return scientific(value);
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 }).replace('-', '−');
}
