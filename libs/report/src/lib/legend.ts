import * as Plot from '@observablehq/plot';
import { FONT_SIZE, INK, textWidth, WIDTH } from './look.ts';
import type { PlacedPlot } from './svg.ts';

export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
  /** As in SVG's stroke-dasharray. */
  readonly dash: string;
  /** Whether the line is drawn through dots. */
  readonly dot: boolean;
}

interface PlacedEntry extends LegendEntry {
  readonly x: number;
  readonly y: number;
}

const ROW = 24;
const EDGE = 20;
const SAMPLE = 26;
const GAP = 22;

/** Samples of lines with their names, in as many rows as it takes, as wide as a picture. */
export function legend(entries: readonly LegendEntry[]): PlacedPlot['plot'] {
  const placed: PlacedEntry[] = [];
  let [x, row] = [EDGE, 0];
  for (const entry of entries) {
    const width = SAMPLE + 8 + textWidth(entry.name, FONT_SIZE - 1) + GAP;
    if (x + width > WIDTH && x > EDGE) [x, row] = [EDGE, row + 1];
    placed.push({ ...entry, x, y: row * ROW + ROW / 2 });
    x += width;
  }
  const height = (row + 1) * ROW;
  return {
    width: WIDTH,
    height,
    margin: 0,
    x: { domain: [0, WIDTH], axis: null },
    y: { domain: [height, 0], axis: null },
    marks: [
      ...placed.map((entry) =>
        Plot.link([entry], {
          x1: 'x',
          x2: ({ x }: PlacedEntry) => x + SAMPLE,
          y1: 'y',
          y2: 'y',
          stroke: entry.colour,
          strokeWidth: 2.25,
          strokeDasharray: entry.dash,
        }),
      ),
      Plot.dot(
        placed.filter(({ dot }) => dot),
        {
          x: ({ x }: PlacedEntry) => x + SAMPLE / 2,
          y: 'y',
          r: 3.5,
          fill: ({ colour }: PlacedEntry) => colour,
        },
      ),
      Plot.text(placed, {
        x: ({ x }: PlacedEntry) => x + SAMPLE + 8,
        y: 'y',
        text: 'name',
        textAnchor: 'start',
        fill: INK,
        className: 'legend',
      }),
    ],
  };
}
