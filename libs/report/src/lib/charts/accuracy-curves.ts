import * as Plot from '@observablehq/plot';
import { groupBy } from '../group-by.ts';
import { type Look, isNarrow, textWidth } from '../look.ts';
import { isDense, methodColours } from '../method-colours.ts';
import { percent } from '../percent.ts';
import type { AccuracyPictureOptions, SeedStatistics } from '../seed-statistics.ts';
import { spreadLabels } from '../spread-labels.ts';
import { type PlacedPlot, panelsSvg } from '../svg.ts';
import {
  type Level,
  type MeanPoint,
  accuracyAxis,
  accuracyDomain,
  levelRules,
  meanMarks,
} from './accuracy-marks.ts';
import { accuracyMultiples } from './accuracy-multiples.ts';
import { densityAxis } from './density-axis.ts';
import { type LegendEntry, legend } from './legend.ts';

/** More lines than colours in one plot are a tangle. */
const MOST_LINES = 8;
const LABEL_GAP = 19;
const TICK_GAP = 68;

interface EndLabel {
  readonly text: string;
  readonly colour: string;
  readonly density: number;
  readonly accuracy: number;
}

const withSeeds = (text: string, seeds: number | undefined) =>
  seeds === undefined ? text : `${text}, n = ${seeds}`;

/**
 * Accuracy against density, sparser to the right: a line a method through its means, ± 1 standard deviation shaded, a
 * point a seed. Names stand at the ends of the lines, or below where that would leave too little room; many methods have
 * a plot each.
 */
export function accuracyCurves(
  { title, subtitle, chance, results }: AccuracyPictureOptions,
  methods: ReadonlyMap<string, readonly SeedStatistics[]>,
  look: Look,
): string {
  const names = [...methods.keys()].filter((method) => !isDense(methods.get(method)!));
  const levels: Level[] = [
    ...[...methods].flatMap(([method, points]) =>
      isDense(points) ? [{ method, accuracy: points[0]!.mean, seeds: points[0]!.seeds }] : [],
    ),
    ...(chance === undefined ? [] : [{ method: 'chance', accuracy: chance }]),
  ];
  const points: MeanPoint[] = names.flatMap((method) =>
    methods.get(method)!.map((point) => ({ method, ...point })),
  );
  const shown = new Set(names);
  const seeds = results.filter(({ method }) => shown.has(method));
  const colour = methodColours(methods, look);
  const drawn = { names, levels, points, seeds, colour };
  if (names.length > MOST_LINES) return accuracyMultiples({ title, subtitle }, drawn, look);

  const densities = [...new Set(points.map(({ density }) => density))].sort((a, b) => a - b);
  const domain: [number, number] = [densities.at(-1)!, densities[0]!];
  const heights = accuracyDomain(points, seeds, levels);
  const ends: EndLabel[] = [
    ...names.map((method) => {
      const { density, mean, seeds } = methods.get(method)![0]!;
      const text = withSeeds(`${method} ${percent(mean)}`, seeds);
      return { text, colour: colour({ method }), density, accuracy: mean };
    }),
    ...levels
      .filter(({ accuracy }) => accuracy >= heights[0])
      .map(({ method, accuracy, seeds }) => {
        const text = withSeeds(`${method} ${percent(accuracy)}`, seeds);
        return { text, colour: look.quiet, density: domain[1], accuracy };
      }),
  ];
  const labelWidth =
    36 + Math.max(...ends.map(({ text }) => textWidth(text, look.fontSize - 1, true)));
  const isBeside = labelWidth < look.width * 0.4;
  const [marginLeft, marginRight] = [isNarrow(look) ? 54 : 106, isBeside ? labelWidth : 24];
  const plotHeight = Math.max(isNarrow(look) ? 240 : 380, isBeside ? ends.length * LABEL_GAP : 0);
  const plot: PlacedPlot['plot'] = {
    width: look.width,
    height: plotHeight + 70,
    marginLeft,
    marginRight,
    marginTop: 14,
    marginBottom: 56,
    x: { type: 'log', domain, axis: null },
    y: { domain: heights },
    marks: [
      ...accuracyAxis(look, isNarrow(look) ? 5 : 8),
      ...densityAxis(densities, look, {
        width: look.width - marginLeft - marginRight,
        gap: TICK_GAP,
        sparsity: !isNarrow(look),
      }),
      levelRules(levels, heights[0], look),
      ...meanMarks(points, seeds, heights, colour, look),
      ...(isBeside ? endLabels(ends, heights, plotHeight, look) : []),
    ],
  };
  const below = isBeside ? [] : [belowPlot(ends, plot.height, look)];
  return panelsSvg({ title, subtitle }, [{ x: 0, y: 0, plot }, ...below], [], look);
}

function belowPlot(ends: readonly EndLabel[], y: number, look: Look): PlacedPlot {
  const entries = ends.map(({ text, colour }): LegendEntry => {
    const isLevel = colour === look.quiet;
    return { name: text, colour, dash: isLevel ? '5 4' : 'none', dot: !isLevel };
  });
  return { x: 0, y, plot: legend(entries, look) };
}

/** In ink, since a colour that tells lines apart is too pale to read; a dot before each has its colour. */
function endLabels(
  ends: readonly EndLabel[],
  heights: readonly [number, number],
  plotHeight: number,
  look: Look,
): Plot.Markish[] {
  const placed = apart(ends, heights, plotHeight);
  const at = { x: 'density', y: 'accuracy' } as const;
  return [
    Plot.dot(placed, { ...at, dx: 16, r: 4, fill: 'colour', className: 'end-dots' }),
    Plot.text(placed, {
      ...at,
      text: 'text',
      fill: look.ink,
      fontWeight: 'bold',
      textAnchor: 'start',
      dx: 25,
      className: 'end-labels',
    }),
  ];
}

/** Lines that end at one density share a column of labels, which must not overlap. */
function apart(
  ends: readonly EndLabel[],
  [low, high]: readonly [number, number],
  plotHeight: number,
): EndLabel[] {
  const gap = (LABEL_GAP * (high - low)) / plotHeight;
  return [...groupBy(ends, ({ density }) => density).values()].flatMap((column) => {
    const wanted = column.map(({ accuracy }) => accuracy);
    const placed = spreadLabels(wanted, gap, [low, high]);
    return column.map((end, i) => ({ ...end, accuracy: placed[i]! }));
  });
}
