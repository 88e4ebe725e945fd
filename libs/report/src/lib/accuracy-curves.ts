import * as Plot from '@observablehq/plot';
import type { AccuracyPictureOptions } from './seed-statistics.ts';
import { groupBy } from './group-by.ts';
import { FONT_SIZE, INK, QUIET, RULE, textWidth, WIDTH } from './look.ts';
import { isDense, methodColours } from './method-colours.ts';
import { densityText, percent, sparsityText } from './percent.ts';
import type { SeedStatistics } from './seed-statistics.ts';
import { spreadLabels } from './spread-labels.ts';
import { plotSvg } from './svg.ts';

const PLOT_HEIGHT = 380;
const LEAST_PLOT_WIDTH = 420;
const LABEL_GAP = 19;
const TICK_GAP = 68;
const MARGIN_LEFT = 106;

interface Point extends SeedStatistics {
  readonly method: string;
}

interface EndLabel {
  readonly text: string;
  readonly colour: string;
  readonly density: number;
  readonly accuracy: number;
}

/** Accuracy against density, sparser to the right: a line a method through its means, ± 1 standard deviation shaded. */
export function accuracyCurves(
  { title, subtitle, chance }: AccuracyPictureOptions,
  methods: ReadonlyMap<string, readonly SeedStatistics[]>,
): string {
  const names = [...methods.keys()].filter((method) => !isDense(methods.get(method)!));
  // What has no density but the full one is a height to compare with, not a curve.
  const levels = [
    ...[...methods].flatMap(([method, points]) =>
      isDense(points) ? [{ method, accuracy: points[0]!.mean, seeds: points[0]!.seeds }] : [],
    ),
    { method: 'chance', accuracy: chance, seeds: undefined },
  ];
  const points: Point[] = names.flatMap((method) =>
    methods.get(method)!.map((point) => ({ method, ...point })),
  );
  const densities = [...new Set(points.map(({ density }) => density))].sort((a, b) => a - b);
  const domain: [number, number] = [densities.at(-1)!, densities[0]!];
  const accuracies = [...points.map((p) => p.mean + p.std), ...levels.map((l) => l.accuracy)];
  const top = Math.min(1, Math.ceil(Math.max(...accuracies) * 10) / 10);
  const colour = methodColours(methods);

  const ends: EndLabel[] = [
    ...names.map((method) => {
      const { density, mean, seeds } = methods.get(method)![0]!;
      return {
        text: `${method} ${percent(mean)}, n = ${seeds}`,
        colour: colour({ method }),
        density,
        accuracy: mean,
      };
    }),
    ...levels.map(({ method, accuracy, seeds }) => ({
      text: `${method} ${percent(accuracy)}${seeds === undefined ? '' : `, n = ${seeds}`}`,
      colour: QUIET,
      density: domain[1],
      accuracy,
    })),
  ];
  const marginRight =
    24 + Math.max(...ends.map(({ text }) => textWidth(text, FONT_SIZE - 1, true)));
  // Long names would leave no room for the lines, nor beside one another: the picture grows, and they share one column.
  const long = marginRight > WIDTH / 2;
  const width = long ? MARGIN_LEFT + LEAST_PLOT_WIDTH + marginRight : WIDTH;
  const columns = long ? ends.map((end) => ({ ...end, density: domain[1] })) : ends;
  const plotHeight = Math.max(PLOT_HEIGHT, columns.length * LABEL_GAP);

  return plotSvg(
    { title, subtitle },
    {
      width,
      height: plotHeight + 70,
      marginLeft: MARGIN_LEFT,
      marginRight,
      marginTop: 14,
      marginBottom: 56,
      x: { type: 'log', domain, axis: null },
      y: { domain: [0, top] },
      marks: [
        Plot.gridY({ stroke: RULE, strokeOpacity: 1 }),
        Plot.axisY({ tickFormat: (tick: number) => percent(tick, 0), tickSize: 0, label: null }),
        ...densityAxis(densities, width - MARGIN_LEFT - marginRight),
        Plot.ruleY(levels, {
          y: 'accuracy',
          stroke: QUIET,
          strokeDasharray: '5 4',
          className: 'levels',
        }),
        Plot.areaY(points, {
          x: 'density',
          y1: ({ mean, std }: Point) => Math.max(0, mean - std),
          y2: ({ mean, std }: Point) => Math.min(1, mean + std),
          z: 'method',
          fill: colour,
          fillOpacity: 0.16,
          className: 'deviation',
        }),
        Plot.lineY(points, {
          x: 'density',
          y: 'mean',
          z: 'method',
          stroke: colour,
          strokeWidth: 2.5,
          className: 'mean',
        }),
        Plot.dot(points, {
          x: 'density',
          y: 'mean',
          r: 4.5,
          fill: colour,
          stroke: 'white',
          className: 'points',
        }),
        Plot.text(apart(columns, top / plotHeight, top), {
          x: 'density',
          y: 'accuracy',
          text: 'text',
          fill: 'colour',
          fontWeight: 'bold',
          textAnchor: 'start',
          dx: 12,
          className: 'end-labels',
        }),
      ],
    },
  );
}

/** Lines that end at one density share a column of labels, which must not overlap. */
function apart(ends: readonly EndLabel[], perPixel: number, top: number): EndLabel[] {
  const gap = LABEL_GAP * perPixel;
  return [...groupBy(ends, ({ density }) => density).values()].flatMap((column) => {
    const wanted = column.map(({ accuracy }) => accuracy);
    const placed = spreadLabels(wanted, gap, [0, top]);
    return column.map((end, i) => ({ ...end, accuracy: placed[i]! }));
  });
}

/** Ticks stand where something was measured, as the round numbers of a log scale seldom are; crowded ones go unlabelled. */
function densityAxis(densities: readonly number[], width: number): Plot.Markish[] {
  const perLog = width / Math.log(densities.at(-1)! / densities[0]!);
  const labelled: number[] = [];
  for (const density of densities) {
    const last = labelled.at(-1);
    if (last === undefined || Math.log(density / last) * perLog >= TICK_GAP) labelled.push(density);
  }
  const line = (dy: number, fill: string, name: string, text: (density: number) => string) => [
    Plot.text(labelled, {
      x: (density: number) => density,
      frameAnchor: 'bottom',
      lineAnchor: 'top',
      dy,
      fill,
      text,
      className: name,
    }),
    Plot.text([name], {
      frameAnchor: 'bottom-left',
      lineAnchor: 'top',
      textAnchor: 'end',
      dx: -36,
      dy,
      fill,
    }),
  ];
  return [
    Plot.ruleX(densities, { stroke: RULE }),
    ...line(14, INK, 'density', densityText),
    ...line(33, QUIET, 'sparsity', sparsityText),
  ];
}
