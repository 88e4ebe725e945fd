import * as Plot from '@observablehq/plot';
import { downsample } from '../downsample.ts';
import { groupBy } from '../group-by.ts';
import { type Look, ON_PAPER, colourOf, isNarrow } from '../look.ts';
import { densityText, percent } from '../percent.ts';
import { type Caption, type PlacedPlot, panelsSvg } from '../svg.ts';

/**
 * What a run noted at a step of a phase; every further field that holds a finite number is a series. That of `targetDensity`
 * is where `density` is to go, and drawn with it; so of any other name.
 */
export interface CurveRow {
  readonly phase: string;
  readonly step: number;
  readonly [series: string]: unknown;
}

export interface CurvesPictureOptions {
  readonly title: string;
  readonly rows: readonly CurveRow[];
}

interface Point {
  readonly step: number;
  readonly value: number;
}

const MOST_POINTS = 400;
const MOST_COLUMNS = 3;
/** A count of what the steps are, and no number that they came to. */
const NOT_SERIES = ['epoch'];
const EDGE = 20;
const PHASE_HEIGHT = 30;
const PANEL_HEIGHT = 190;
const CAPTION_HEIGHT = 28;

/**
 * Draws the series of one run over its steps, as an SVG document: a small plot each, phase by phase, in the order in
 * which they first appear. Values that are not finite leave no mark; a series that stays the same has no plot.
 * @throws RangeError if there is no series to draw.
 */
export function curvesPicture(
  { title, rows }: CurvesPictureOptions,
  look: Look = ON_PAPER,
): string {
  const phases = phasesOf(rows);
  if (phases.length === 0) throw new RangeError('No series to draw');
  const columns = isNarrow(look)
    ? 1
    : Math.min(MOST_COLUMNS, Math.max(2, ...phases.map(({ series }) => series.size)));
  const width = Math.floor((look.width - EDGE) / columns);

  const panels: PlacedPlot[] = [];
  const captions: Caption[] = [];
  let top = 0;
  phases.forEach(({ phase, series, all }, p) => {
    captions.push({ x: EDGE, y: top + 20, text: phase, strong: true });
    top += PHASE_HEIGHT;
    [...series].forEach(([name, points], i) => {
      const x = (i % columns) * width;
      const y = top + Math.floor(i / columns) * PANEL_HEIGHT;
      const format = formatOf(name);
      const last = points.at(-1)!;
      const target = all.get(targetOf(name));
      const aim = target ? `, target ${format(target.at(-1)!.value)}` : '';
      captions.push(
        { x: x + EDGE, y: y + 18, text: `${name}${aim}` },
        { x: x + width - EDGE, y: y + 18, text: `→ ${format(last.value)}`, anchor: 'end' },
      );
      panels.push({
        x,
        y: y + CAPTION_HEIGHT,
        plot: panel(
          { points: downsample(points, MOST_POINTS), target: target ?? [], format },
          colourOf(look, p),
          width,
          look,
        ),
      });
    });
    top += Math.ceil(series.size / columns) * PANEL_HEIGHT;
  });
  return panelsSvg(
    { title, subtitle: 'By step; the last value follows the arrow.' },
    panels,
    captions,
    look,
  );
}

interface Phase {
  readonly phase: string;
  readonly series: ReadonlyMap<string, readonly Point[]>;
  /** With targets, and what stays the same. */
  readonly all: ReadonlyMap<string, readonly Point[]>;
}

function phasesOf(rows: readonly CurveRow[]): Phase[] {
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

const targetOf = (name: string) => `target${name[0]!.toUpperCase()}${name.slice(1)}`;

function formatOf(name: string): (value: number) => string {
  if (/accuracy$/i.test(name)) return (value) => percent(value);
  if (/density$/i.test(name)) return densityText;
  const format = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
  return (value) =>
    value !== 0 && Math.abs(value) < 1e-3
      ? Number(value.toPrecision(2)).toExponential()
      : format.format(value);
}

interface Series {
  readonly points: readonly Point[];
  readonly target: readonly Point[];
  readonly format: (value: number) => string;
}

function panel(
  { points, target, format }: Series,
  stroke: string,
  width: number,
  look: Look,
): PlacedPlot['plot'] {
  const values = [...points, ...target].map(({ value }) => value);
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  // By the median, since a schedule's last step towards 0 or one spike does not make a series exponential.
  const median = sorted[values.length >> 1]!;
  const log = low > 0 && high / median > 20;
  const ticks = log ? decades(low, high) : 4;
  return {
    width,
    height: PANEL_HEIGHT - CAPTION_HEIGHT,
    marginLeft: 66,
    marginRight: EDGE,
    marginTop: 8,
    marginBottom: 30,
    y: { type: log ? 'log' : 'linear', nice: true },
    marks: [
      Plot.gridY({ stroke: look.rule, strokeOpacity: 1, ticks }),
      Plot.axisY({
        ticks,
        tickSize: 0,
        tickFormat: format,
        label: null,
        fontSize: look.fontSize - 2,
      }),
      Plot.axisX({
        ticks: 3,
        tickSize: 0,
        tickFormat: stepText,
        label: null,
        fill: look.quiet,
        fontSize: look.fontSize - 2,
      }),
      Plot.lineY(downsample(target, MOST_POINTS), {
        x: 'step',
        y: 'value',
        stroke: look.quiet,
        strokeDasharray: '4 3',
      }),
      Plot.lineY(points, { x: 'step', y: 'value', stroke, strokeWidth: 1.75 }),
      // A few points, or one alone, would not show as a line.
      Plot.dot(points.length <= 20 ? points : [], { x: 'step', y: 'value', r: 3, fill: stroke }),
    ],
  };
}

/** Powers of ten from below `low` to above `high`, at most about five of them. */
function decades(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const stride = Math.ceil((last - first) / 5);
  return Array.from(
    { length: Math.floor((last - first) / stride) + 1 },
    (_, i) => 10 ** (first + i * stride),
  );
}

function stepText(step: number): string {
  return Number.isInteger(step) ? step.toLocaleString('en-US') : '';
}
