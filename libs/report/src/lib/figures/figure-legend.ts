import * as Plot from '@observablehq/plot';
import { ON_PAPER } from '../look.ts';
import type { FigureFont } from './figure-font.ts';
import type { SeriesLook } from './series-look.ts';

/** A look, and what of it is drawn in this figure. */
export interface LegendEntry extends SeriesLook {
  readonly sample: 'marker' | 'joined' | 'line';
}

interface Placed extends LegendEntry {
  readonly x: number;
  readonly row: number;
}

const SAMPLE = { marker: 6, joined: 14, line: 14 };
const GAP = 8;
const ROOM = 3;

/** Samples of all series in rows, each centred in the width; in points. */
export function figureLegend(
  entries: readonly LegendEntry[],
  widthPt: number,
  fontSizePt: number,
  font: FigureFont,
): Plot.PlotOptions & { readonly width: number; readonly height: number } {
  const widthOf = ({ sample, name }: LegendEntry) =>
    SAMPLE[sample] + ROOM + font.widthOf(name, fontSizePt);
  const rows: { entry: LegendEntry; x: number }[][] = [];
  let end = Infinity;
  for (const entry of entries) {
    const width = widthOf(entry);
    if (end + GAP + width > widthPt) {
      rows.push([]);
      end = -GAP;
    }
    rows.at(-1)!.push({ entry, x: end + GAP });
    end += GAP + width;
  }
  const lengthOf = (row: (typeof rows)[number]) => {
    const { entry, x } = row.at(-1)!;
    return x + widthOf(entry);
  };
  // Columns would need the widest name's width for all of them; what does not fill a row is centred.
  const placed: Placed[] = rows.flatMap((row, i) => {
    const left = Math.max(0, (widthPt - lengthOf(row)) / 2);
    return row.map(({ entry, x }) => ({ ...entry, x: left + x, row: i }));
  });
  const rowHeight = fontSizePt * 1.4;
  const y = ({ row }: Placed) => (row + 0.5) * rowHeight;
  const height = rows.length * rowHeight;
  return {
    width: widthPt,
    height,
    margin: 0,
    x: { domain: [0, widthPt], axis: null },
    y: { domain: [height, 0], axis: null },
    marks: [
      ...placed.flatMap((entry) => [
        Plot.link(entry.sample === 'marker' ? [] : [entry], {
          x1: 'x',
          x2: entry.x + SAMPLE[entry.sample],
          y1: y,
          y2: y,
          stroke: entry.colour,
          strokeWidth: 1.1,
          strokeDasharray: entry.sample === 'line' ? entry.dash : 'none',
        }),
        Plot.dot(entry.sample === 'line' ? [] : [entry], {
          x: entry.x + SAMPLE[entry.sample] / 2,
          y,
          symbol: entry.marker,
          r: 2.4,
          fill: entry.colour,
          stroke: 'white',
          strokeWidth: 0.5,
        }),
      ]),
      Plot.text(placed, {
        x: ({ x, sample }: Placed) => x + SAMPLE[sample] + ROOM,
        y,
        text: 'name',
        textAnchor: 'start',
        fontSize: fontSizePt,
        fill: ON_PAPER.ink,
        className: 'legend',
      }),
    ],
  };
}
