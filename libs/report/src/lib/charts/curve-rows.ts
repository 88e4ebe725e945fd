import { groupBy } from '../group-by.ts';
import { densityText, percent } from '../percent.ts';

/**
 * What a run noted at a step of a phase; every further field that holds a finite number is a series. That of `targetDensity`
 * is where `density` is to go, and drawn with it; so of any other name.
 */
export interface CurveRow {
  readonly phase: string;
  readonly step: number;
  readonly [series: string]: unknown;
}

export interface Point {
  readonly step: number;
  readonly value: number;
}

/** A count of what the steps are, and no number that they came to. */
const NOT_SERIES = ['epoch'];

/** The series of a phase that there is something to draw of. */
interface Phase {
  readonly phase: string;
  readonly series: ReadonlyMap<string, readonly Point[]>;
  /** With targets, and what stays the same. */
  readonly all: ReadonlyMap<string, readonly Point[]>;
}

export function phasesOf(rows: readonly CurveRow[]): Phase[] {
  return [...groupBy(rows, ({ phase }) => phase)].flatMap(([phase, own]) => {
    const all = seriesOf(own);
    const targets = new Set([...all.keys()].map(targetOf));
    const series = new Map(
      [...all].filter(([name, points]) => !targets.has(name) && !isConstant(points)),
    );
    return series.size > 0 ? [{ phase, series, all }] : [];
  });
}

/** Of each series of each phase, what never changes too: phase, name, first, last, least and greatest value, as text. */
export function lastValues(rows: readonly CurveRow[]): string[][] {
  return [...groupBy(rows, ({ phase }) => phase)].flatMap(([phase, own]) =>
    [...seriesOf(own)].map(([name, points]) => {
      const format = formatOf(name);
      const values = points.map(({ value }) => value);
      const [least, most] = values.reduce(
        ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
        [Infinity, -Infinity],
      );
      return [phase, name, ...[values[0]!, values.at(-1)!, least, most].map(format)];
    }),
  );
}

/** Whether there is something for `curvesPicture` to draw. */
export const hasCurves = (rows: readonly CurveRow[]) => phasesOf(rows).length > 0;

const isConstant = (points: readonly Point[]) =>
  points.length > 1 && points.every(({ value }) => value === points[0]!.value);

function seriesOf(rows: readonly CurveRow[]): Map<string, Point[]> {
  const series = new Map<string, Point[]>();
  for (const { step, ...values } of rows) {
    for (const [name, value] of Object.entries(values)) {
      if (typeof value !== 'number' || !Number.isFinite(value) || NOT_SERIES.includes(name))
        continue;
      if (!series.has(name)) series.set(name, []);
      series.get(name)!.push({ step, value });
    }
  }
  return series;
}

export const targetOf = (name: string) => `target${name[0]!.toUpperCase()}${name.slice(1)}`;

/** Whether what is called so is a fraction, shown in percent. */
export const isShare = (name: string) => /(accuracy|density)$/i.test(name);

export function formatOf(name: string): (value: number) => string {
  if (/accuracy$/i.test(name)) return (value) => percent(value);
  if (/density$/i.test(name)) return densityText;
  const format = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
  return (value) =>
    value !== 0 && Math.abs(value) < 1e-3
      ? Number(value.toPrecision(2)).toExponential()
      : format.format(value);
}
