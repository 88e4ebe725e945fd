import * as Plot from '@observablehq/plot';
import { scaleLinear } from 'd3-scale';
import { leastOf, mostOf } from '../extremes.ts';
import { type Look, ON_PAPER, colourOf, isNarrow } from '../look.ts';
import { type SeedStatistics, statisticsByMethod } from '../seed-statistics.ts';
import { type Caption, type PlacedPlot, panelsSvg } from '../svg.ts';
import { tickText } from '../tick-text.ts';
import { densityAxis } from './density-axis.ts';
import { legend } from './legend.ts';

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

/** What `objectivePicture` gives. */
export function drawObjectives(
  { title, subtitle, panels }: ObjectivePictureOptions,
  look: Look = ON_PAPER,
): string {
  const drawn = panels.filter(({ results }) => results.length > 0);
  if (drawn.length === 0) throw new RangeError('No objective values to draw');
  const methods = [...new Set(drawn.flatMap(({ results }) => results.map((r) => r.method)))];
  const entries = methods.map((name, i) => ({ name, dot: true, ...styleOf(look, i) }));
  const compared = drawn.some((panel) => levelOf(panel) !== undefined);
  const level = { name: 'dense', colour: look.quiet, dash: DENSE_DASH, dot: false };
  const key = legend([...entries, ...(compared ? [level] : [])], look);
  const columns = isNarrow(look) ? 1 : COLUMNS;
  const width = Math.floor((look.width - EDGE) / columns);
  const captions: Caption[] = [];
  const placed: PlacedPlot[] = [{ x: 0, y: 0, plot: key }];
  drawn.forEach((panel, i) => {
    const x = (i % columns) * width;
    const y = key.height + 8 + Math.floor(i / columns) * PANEL_HEIGHT;
    captions.push({ x: x + EDGE, y: y + 18, text: panel.objective, strong: true });
    placed.push({ x, y: y + CAPTION_HEIGHT, plot: plotOf(panel, methods, width, look) });
  });
  return panelsSvg({ title, subtitle }, placed, captions, look);
}

/** Six colours, and dashes for the next six. */
function styleOf(look: Look, index: number): { readonly colour: string; readonly dash: string } {
  return { colour: colourOf(look, index), dash: index < 6 ? 'none' : '6 4' };
}

const meansOf = ({ results }: ObjectivePanel) =>
  [...statisticsByMethod(results.map((r) => ({ ...r, accuracy: r.value })))].flatMap(
    ([method, own]) => own.map((point) => ({ method, ...point })),
  );

/** Where the largest mean would flatten the rest, on a log scale. */
function isLog(means: readonly Point[]): boolean {
  const [low, high] = [
    leastOf(means.map(({ mean }) => mean)),
    mostOf(means.map(({ mean }) => mean)),
  ];
  return low > 0 && high / low > LOG_RATIO;
}

/** The dense network's value, unless a log scale has no place for it. */
function levelOf(panel: ObjectivePanel): number | undefined {
  const { dense } = panel;
  return dense !== undefined && dense <= 0 && isLog(meansOf(panel)) ? undefined : dense;
}

function plotOf(
  panel: ObjectivePanel,
  methods: readonly string[],
  width: number,
  look: Look,
): PlacedPlot['plot'] {
  const points: Point[] = meansOf(panel);
  const dense = levelOf(panel);
  const densities = [...new Set(points.map(({ density }) => density))].sort((a, b) => a - b);
  const log = isLog(points);
  const drawn = [...points.map(({ mean }) => mean), ...(dense === undefined ? [] : [dense])];
  const [low, high] = [leastOf(drawn), mostOf(drawn)];
  // A mean minus its deviation can pass 0, which a log scale has no place for.
  const [floor, ceiling] = log ? [low / 1.3, high * 1.3] : [-Infinity, Infinity];
  const reached = [...drawn, ...points.flatMap(({ mean, std }) => [mean - std, mean + std])];
  const [least, most] = [leastOf(reached), mostOf(reached)];
  // A lone value has no range of its own.
  const room = least === most ? Math.abs(least) / 20 || 1 : 0;
  const linear = scaleLinear()
    .domain([least - room, most + room])
    .nice();
  const ticks = log ? roundNumbers(low / 1.3, high * 1.3) : linear.ticks(5);
  const single = densities.length === 1;
  return {
    width,
    height: PANEL_HEIGHT - CAPTION_HEIGHT,
    marginLeft: MARGIN_LEFT,
    marginRight: EDGE,
    marginTop: 10,
    marginBottom: isNarrow(look) ? 50 : 34,
    // At a single density the methods stand side by side.
    x: single
      ? { domain: [-0.5, methods.length - 0.5], axis: null }
      : { type: 'log', domain: [densities.at(-1)!, densities[0]!], axis: null },
    y: log ? { type: 'log', domain: [low / 1.3, high * 1.3] } : { domain: linear.domain() },
    marks: [
      Plot.gridY({ stroke: look.rule, strokeOpacity: 1, ticks }),
      Plot.axisY({
        ticks,
        tickSize: 0,
        // As `tickFormat`, a log scale would leave some out.
        text: log ? valueText : tickText(ticks, valueText),
        label: null,
        fontSize: look.fontSize - 2,
      }),
      ...(single
        ? []
        : densityAxis(densities, look, {
            width: width - MARGIN_LEFT - EDGE,
            gap: TICK_GAP,
            sparsity: false,
          })),
      ...(dense === undefined
        ? []
        : [
            Plot.ruleY([dense], {
              stroke: look.quiet,
              strokeDasharray: DENSE_DASH,
              className: 'dense',
            }),
          ]),
      ...methods.flatMap((method, i) => {
        const { colour, dash } = styleOf(look, i);
        const own = points.filter((point) => point.method === method);
        const reach = {
          y1: ({ mean, std }: Point) => Math.max(floor, mean - std),
          y2: ({ mean, std }: Point) => Math.min(ceiling, mean + std),
        };
        return [
          single
            ? Plot.ruleX(own, {
                x: i,
                ...reach,
                stroke: colour,
                strokeOpacity: 0.4,
                strokeWidth: 6,
              })
            : Plot.areaY(own, {
                x: 'density',
                ...reach,
                fill: colour,
                fillOpacity: 0.14,
                className: 'deviation',
              }),
          Plot.lineY(single ? [] : own, {
            x: 'density',
            y: 'mean',
            stroke: colour,
            strokeWidth: 2.25,
            strokeDasharray: dash,
            className: 'mean',
          }),
          Plot.dot(own, {
            x: single ? i : 'density',
            y: 'mean',
            r: 3.5,
            fill: colour,
            className: 'points',
          }),
        ];
      }),
    ],
  };
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
