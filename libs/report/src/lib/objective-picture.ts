import * as Plot from '@observablehq/plot';
import { legend } from './legend.ts';
import { colourOf, FONT_SIZE, INK, QUIET, RULE, WIDTH } from './look.ts';
import { densityText } from './percent.ts';
import { type SeedStatistics, statisticsByMethod } from './seed-statistics.ts';
import { panelsSvg, type Caption, type PlacedPlot } from './svg.ts';

/** What one ticket reaches; `density` is a fraction. */
export interface ObjectiveResult {
  readonly method: string;
  readonly seed: number;
  readonly density: number;
  readonly value: number;
}

export interface ObjectivePanel {
  readonly objective: string;
  /** Results that are not finite are left out by who makes them. */
  readonly results: readonly ObjectiveResult[];
  /** Of the network with all weights. */
  readonly dense?: number;
}

export interface ObjectivePictureOptions {
  readonly title: string;
  readonly subtitle: string;
  readonly panels: readonly ObjectivePanel[];
}

interface Point extends SeedStatistics {
  readonly method: string;
}

const COLUMNS = 2;
const PANEL_HEIGHT = 250;
const CAPTION_HEIGHT = 26;
const EDGE = 20;
const MARGIN_LEFT = 74;
const TICK_GAP = 58;
const DENSE_DASH = '2 3';
/** From here on the largest value would flatten the rest on a linear scale. */
const LOG_RATIO = 20;

/**
 * Draws what methods' tickets reach by several objectives, as an SVG document: a panel an objective, value against
 * density, sparser to the right, a line a method through its means, ± 1 standard deviation shaded; lower is better.
 * @throws RangeError if there is nothing to draw.
 */
export function objectivePicture({ title, subtitle, panels }: ObjectivePictureOptions): string {
  const drawn = panels.filter(({ results }) => results.length > 0);
  if (drawn.length === 0) throw new RangeError('No objective values to draw');
  const methods = [...new Set(drawn.flatMap(({ results }) => results.map((r) => r.method)))];
  const entries = methods.map((name, i) => ({ name, dot: true, ...styleOf(i) }));
  const compared = drawn.some(({ dense }) => dense !== undefined);
  const level = { name: 'dense', colour: QUIET, dash: DENSE_DASH, dot: false };
  const key = legend([...entries, ...(compared ? [level] : [])]);
  const width = Math.floor((WIDTH - EDGE) / COLUMNS);
  const captions: Caption[] = [];
  const placed: PlacedPlot[] = [{ x: 0, y: 0, plot: key }];
  drawn.forEach((panel, i) => {
    const x = (i % COLUMNS) * width;
    const y = key.height + 8 + Math.floor(i / COLUMNS) * PANEL_HEIGHT;
    captions.push({ x: x + EDGE, y: y + 18, text: panel.objective, strong: true });
    placed.push({ x, y: y + CAPTION_HEIGHT, plot: plotOf(panel, methods, width) });
  });
  return panelsSvg({ title, subtitle }, placed, captions);
}

/** Six colours, and dashes for the next six. */
function styleOf(index: number): { readonly colour: string; readonly dash: string } {
  return { colour: colourOf(index), dash: index < 6 ? 'none' : '6 4' };
}

function plotOf(
  { results, dense }: ObjectivePanel,
  methods: readonly string[],
  width: number,
): PlacedPlot['plot'] {
  const statistics = statisticsByMethod(results.map((r) => ({ ...r, accuracy: r.value })));
  const points: Point[] = [...statistics].flatMap(([method, own]) =>
    own.map((point) => ({ method, ...point })),
  );
  const densities = [...new Set(points.map(({ density }) => density))].sort((a, b) => a - b);
  const means = points.map(({ mean }) => mean);
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const log = low > 0 && high / low > LOG_RATIO;
  // A mean minus its deviation can pass 0, which a log scale has no place for.
  const [floor, ceiling] = log ? [low / 1.3, high * 1.3] : [-Infinity, Infinity];
  const ticks = log ? roundNumbers(low / 1.3, high * 1.3) : 5;
  const single = densities.length === 1;
  return {
    width,
    height: PANEL_HEIGHT - CAPTION_HEIGHT,
    marginLeft: MARGIN_LEFT,
    marginRight: EDGE,
    marginTop: 10,
    marginBottom: 34,
    x: {
      type: 'log',
      domain: single ? [densities[0]! * 2, densities[0]! / 2] : [densities.at(-1)!, densities[0]!],
      axis: null,
    },
    y: log ? { type: 'log', domain: [low / 1.3, high * 1.3] } : { nice: true },
    marks: [
      Plot.gridY({ stroke: RULE, strokeOpacity: 1, ticks }),
      Plot.axisY({
        ticks,
        tickSize: 0,
        tickFormat: valueText,
        label: null,
        fontSize: FONT_SIZE - 2,
      }),
      Plot.ruleX(densities, { stroke: RULE }),
      Plot.text(labelled(densities, width - MARGIN_LEFT - EDGE), {
        x: (density: number) => density,
        frameAnchor: 'bottom',
        lineAnchor: 'top',
        dy: 12,
        fill: INK,
        text: densityText,
        className: 'density',
      }),
      Plot.text(['density'], {
        frameAnchor: 'bottom-left',
        lineAnchor: 'top',
        textAnchor: 'end',
        dx: -24,
        dy: 12,
        fill: QUIET,
        fontSize: FONT_SIZE - 2,
      }),
      ...(dense === undefined || (log && dense <= 0)
        ? []
        : [
            Plot.ruleY([dense], { stroke: QUIET, strokeDasharray: DENSE_DASH, className: 'dense' }),
          ]),
      ...methods.flatMap((method, i) => {
        const { colour, dash } = styleOf(i);
        const own = points.filter((point) => point.method === method);
        return [
          Plot.areaY(own, {
            x: 'density',
            y1: ({ mean, std }: Point) => Math.max(floor, mean - std),
            y2: ({ mean, std }: Point) => Math.min(ceiling, mean + std),
            fill: colour,
            fillOpacity: 0.14,
            className: 'deviation',
          }),
          Plot.lineY(own, {
            x: 'density',
            y: 'mean',
            stroke: colour,
            strokeWidth: 2.25,
            strokeDasharray: dash,
            className: 'mean',
          }),
          Plot.dot(own, { x: 'density', y: 'mean', r: 3.5, fill: colour, className: 'points' }),
        ];
      }),
    ],
  };
}

/** Densities that have room for their label, the sparsest first. */
function labelled(densities: readonly number[], width: number): number[] {
  const perLog = width / Math.log(densities.at(-1)! / densities[0]! || 1);
  const chosen: number[] = [];
  for (const density of densities) {
    const last = chosen.at(-1);
    if (last === undefined || Math.log(density / last) * perLog >= TICK_GAP) chosen.push(density);
  }
  return chosen;
}

function valueText(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return '0';
  return size < 1e-3 || size >= 1e5
    ? Number(value.toPrecision(2)).toExponential()
    : value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/** 1, 2 and 5 times the powers of ten between; the powers alone where those are many. */
function roundNumbers(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const factors = high / low > 1000 ? [1] : [1, 2, 5];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
    .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
    .filter((tick) => tick >= low && tick <= high);
}
