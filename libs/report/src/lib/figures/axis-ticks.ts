import { scaleLinear } from 'd3-scale';
import { densityText } from '../percent.ts';
import { tickText } from '../tick-text.ts';
import type { Axis } from './figure.ts';

export interface Tick {
  readonly at: number;
  readonly text: string;
}

const TICKS = 5;

/** At places of an axis of its own. */
export function ownTicks({ unit, names }: Axis, ticks: readonly number[]): Tick[] {
  const text = (at: number) =>
    names?.[at - 1] ?? (unit === 'percent' ? densityText(at).replace(' %', '') : numberText(at));
  return ticks.map((at) => ({ at, text: text(at) }));
}

/** At round numbers between its ends; `constant` is that of a symlog scale. */
export function roundTicks(
  { unit }: Axis,
  scale: 'linear' | 'log' | 'symlog',
  [least, most]: readonly [number, number],
  constant: number,
): Tick[] {
  const shown = unit === 'percent' ? 100 : 1;
  const domain = [least * shown, most * shown] as const;
  const linear = scaleLinear().domain(domain);
  const rounds = {
    linear: () => [],
    log: () => logTicks(domain),
    symlog: () => [0, ...logTicks([2 * constant * shown, domain[1]])],
  }[scale]();
  if (rounds.length > 1) {
    const text = rounds.some(isFar) ? powerText : numberText;
    return rounds.map((at) => ({ at: at / shown, text: text(at) }));
  }
  const isPlain = scale === 'linear' && domain.every((end) => Math.abs(end) < 1e5);
  const ticks = linear.ticks(TICKS);
  const isShort = isPlain && domain[1] - domain[0] > 1e-3;
  const text = isShort ? linear.tickFormat(TICKS) : tickText(ticks, numberText);
  return ticks.map((at) => ({ at: at / shown, text: text(at) }));
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
  return value === 0 || value === 1 || value === 10 ? String(value) : scientific(value);
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
