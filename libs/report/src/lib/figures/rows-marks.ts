import * as Plot from '@observablehq/plot';
import type { Group, RowsPanel } from './figure.ts';
import { isWithin } from './fitted-axis.ts';
import type { Drawing } from './points-marks.ts';
import { drawnInterval, levelsWithin } from './within-axis.ts';

/** What part of a row its seeds are spread over, so that equal values do not hide each other. */
const LANES = 0.44;

interface Row extends Group {
  readonly row: number;
}

/** A row a series: its runs, and their mean with its interval. `y` is the axis from left to right. */
export function rowsMarks(panel: RowsPanel, { look, y, interval: how }: Drawing): Plot.Markish[] {
  const isShare = panel.y.unit === 'percent';
  const rows: Row[] = panel.groups.map((group, row) => ({ ...group, row }));
  return [
    Plot.ruleX(levelsWithin(panel.levels, y), {
      x: 'mean',
      stroke: ({ series }: Group) => look(series).colour,
      strokeWidth: 0.75,
      strokeDasharray: '1 2',
      className: 'level',
    }),
    ...rows.flatMap((row) => {
      const { colour, marker } = look(row.series);
      const told = how === 'none' ? undefined : drawnInterval(row.interval, isShare, y);
      const lane = (i: number) =>
        row.samples.length > 1 ? (i / (row.samples.length - 1) - 0.5) * LANES : 0;
      const samples = row.samples
        .map(({ value }, i) => ({ value, lane: row.row + lane(i) }))
        .filter(({ value }) => isWithin(y, value));
      return [
        Plot.ruleY(told ? [told] : [], {
          y: row.row,
          x1: 'low',
          x2: 'high',
          stroke: colour,
          strokeWidth: 0.75,
          className: 'interval',
          clip: 'frame',
        }),
        Plot.dot(isWithin(y, row.mean) ? [row] : [], {
          x: 'mean',
          y: 'row',
          symbol: marker,
          r: 2.8,
          fill: colour,
          stroke: 'white',
          strokeWidth: 0.5,
          className: 'marker',
          clip: 'frame',
        }),
        Plot.dot(samples, {
          x: 'value',
          y: 'lane',
          r: 1,
          fill: 'white',
          stroke: colour,
          strokeWidth: 0.5,
          className: 'sample',
          clip: 'frame',
        }),
      ];
    }),
  ];
}
