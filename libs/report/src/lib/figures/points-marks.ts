import * as Plot from '@observablehq/plot';
import { groupBy } from '../group-by.ts';
import type { Group, Level, PointsPanel } from './figure.ts';
import { type FittedAxis, isWithin } from './fitted-axis.ts';
import { hasBand } from './has-band.ts';
import type { SeriesLook } from './series-look.ts';
import { crosses, drawnInterval, levelsWithin } from './within-axis.ts';

/** What marks are drawn with. */
export interface Drawing {
  readonly look: (series: string) => SeriesLook;
  readonly x: FittedAxis;
  readonly y: FittedAxis;
  readonly interval: 'band' | 'bars' | 'none';
}

/** Between series at one x whose bars would hide one another, and from the first of them to the last; in points. */
const STEP = 2.4;
const SPREAD = 8;

const CLIP = { clip: 'frame' } as const;

/** Of each series the runs, and their mean with its interval; over the levels. */
export function pointsMarks(panel: PointsPanel, drawing: Drawing): Plot.Markish[] {
  const { look, y } = drawing;
  const bySeries = groupBy(panel.groups, ({ series }) => series);
  const behind = groupBy(panel.behind ?? [], ({ series }) => series);
  const last = bySeries.size - 1;
  const step = Math.min(STEP, SPREAD / last);
  const isShare = panel.y.unit === 'percent';
  // Intervals below the lines and markers of all.
  const drawn = [...bySeries].map(([series, groups], i) => {
    const dx = drawing.interval === 'bars' && !panel.exactX ? (i - last / 2) * step : 0;
    const isBand = drawing.interval === 'band' && hasBand(panel, groups);
    const how = { dx, isBand, isShare };
    return seriesMarks(groups, look(series), how, drawing);
  });
  return [
    ...levelsWithin(panel.levels, y).flatMap((level) => levelMarks(level, isShare, drawing)),
    ...[...behind.values()]
      .filter((groups) => isCrossing(groups, y))
      .map((groups) =>
        Plot.line(groups, { x: 'x', y: 'mean', stroke: '#c4c9cf', strokeWidth: 0.75, ...CLIP }),
      ),
    ...drawn.map(([interval]) => interval!),
    ...drawn.flatMap(([, ...over]) => over),
  ];
}

const isCrossing = (groups: readonly Group[], y: FittedAxis) => {
  const means = groups.map(({ mean }) => mean);
  return crosses(y, means);
};

function levelMarks(
  { series, mean, interval }: Level,
  isShare: boolean,
  { look, y, interval: how }: Drawing,
) {
  const { colour, dash } = look(series);
  const band = how === 'none' ? undefined : drawnInterval(interval, isShare, y);
  return [
    Plot.rect(band ? [band] : [], {
      y1: 'low',
      y2: 'high',
      fill: colour,
      fillOpacity: 0.12,
      className: 'level-interval',
      ...CLIP,
    }),
    Plot.ruleY([mean], {
      stroke: colour,
      strokeWidth: 0.75,
      strokeDasharray: dash,
      className: 'level',
    }),
  ];
}

interface HowDrawn {
  readonly dx: number;
  readonly isBand: boolean;
  /** Whether values lie between 0 and 1, however far an interval reaches. */
  readonly isShare: boolean;
}

function seriesMarks(
  groups: readonly Group[],
  { colour, marker }: SeriesLook,
  { dx, isBand, isShare }: HowDrawn,
  { interval, y }: Drawing,
): Plot.Markish[] {
  // A log axis has no place for 0: a cross at its lower end tells of it, of a single seed a small one.
  const isShown = ({ mean }: Group) => y.scale !== 'log' || mean > 0;
  const shown = groups.filter(isShown);
  const gone = groups.filter((group) => !isShown(group));
  const low = Math.min(...y.domain);
  const told = shown.flatMap(({ x, interval }) => {
    const drawn = drawnInterval(interval, isShare, y);
    return drawn ? [{ x, ...drawn }] : [];
  });
  const all = shown.flatMap((group) => group.samples);
  const samples = all.filter(({ value }) => isWithin(y, value));
  const empty = all.filter(({ value }) => y.scale === 'log' && value <= 0);
  const noneLeft = (of: readonly { readonly x: number }[], r: number) =>
    Plot.dot(of, {
      ...{ x: 'x', y: low, dx, r, symbol: 'times', stroke: colour },
      ...{ strokeWidth: 0.4 * r, className: 'none-left' },
    });
  return [
    isBand
      ? Plot.areaY(told, {
          x: 'x',
          y1: 'low',
          y2: 'high',
          fill: colour,
          fillOpacity: 0.16,
          className: 'interval',
          ...CLIP,
        })
      : Plot.ruleX(interval === 'none' ? [] : told, {
          x: 'x',
          y1: 'low',
          y2: 'high',
          dx,
          stroke: colour,
          strokeWidth: 0.75,
          className: 'interval',
          ...CLIP,
        }),
    Plot.line(isCrossing(shown, y) ? shown : [], {
      x: 'x',
      y: 'mean',
      dx,
      stroke: colour,
      strokeWidth: 1.1,
      className: 'mean',
      ...CLIP,
    }),
    Plot.dot(
      shown.filter(({ mean }) => isWithin(y, mean)),
      {
        x: 'x',
        y: 'mean',
        dx,
        symbol: marker,
        r: 2.4,
        fill: colour,
        stroke: 'white',
        strokeWidth: 0.5,
        className: 'marker',
        ...CLIP,
      },
    ),
    Plot.dot(samples, {
      x: 'x',
      y: 'value',
      dx,
      r: 1,
      fill: 'white',
      stroke: colour,
      strokeWidth: 0.5,
      className: 'sample',
      ...CLIP,
    }),
    noneLeft(gone, 2.2),
    noneLeft(empty, 1.1),
  ];
}
