import * as Plot from '@observablehq/plot';
import { type Look, textWidth, wrapText } from '../look.ts';
import type { PlacedPlot } from '../svg.ts';

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
  readonly lines: readonly string[];
}

const ROW = 24;
const LINE = 17;
const EDGE = 20;
const SAMPLE = 26;
const GAP = 22;

/** Samples of lines with their names, in as many rows as it takes, as wide as a picture. */
export function legend(entries: readonly LegendEntry[], look: Look): PlacedPlot['plot'] {
  const placed: PlacedEntry[] = [];
  const room = look.width - EDGE - SAMPLE - 8;
  let [x, y, height] = [EDGE, ROW / 2, ROW];
  for (const entry of entries) {
    const lines = wrapText(entry.name, room, look.fontSize - 1);
    const width = SAMPLE + 8 + textWidth(entry.name, look.fontSize - 1) + GAP;
    if ((x + width > look.width || lines.length > 1) && x > EDGE) [x, y] = [EDGE, height + ROW / 2];
    placed.push({ ...entry, x, y, lines });
    height = Math.max(height, y + ROW / 2 + (lines.length - 1) * LINE);
    x += lines.length > 1 ? look.width : width;
  }
  return {
    width: look.width,
    height,
    margin: 0,
    x: { domain: [0, look.width], axis: null },
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
      Plot.text(
        placed.flatMap(({ x, y, lines }) => lines.map((text, i) => ({ x, y: y + i * LINE, text }))),
        {
          x: ({ x }: PlacedEntry) => x + SAMPLE + 8,
          y: 'y',
          text: 'text',
          textAnchor: 'start',
          fill: look.ink,
          className: 'legend',
        },
      ),
    ],
  };
}
