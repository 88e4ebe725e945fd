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
  /** Of its first line. */
  readonly y: number;
  readonly lines: readonly string[];
}

const SAMPLE = { marker: 6, joined: 14, line: 14 };
const GAP = 8;
const ROOM = 3;

/** As few lines of whole words as fit; a word that does not is a line by itself. */
export function linesOf(name: string, width: number, fontSizePt: number, font: FigureFont) {
  const lines: string[] = [];
  for (const word of name.split(/ (?!%)/)) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length === 0 || font.widthOf(longer, fontSizePt) > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** What is left of a width for the lines of a name. */
export const nameWidth = (widthPt: number, { sample }: LegendEntry) =>
  widthPt - SAMPLE[sample] - ROOM;

/** Samples of all series in rows, each centred in the width; in points. */
export function figureLegend(
  entries: readonly LegendEntry[],
  widthPt: number,
  fontSizePt: number,
  font: FigureFont,
): Plot.PlotOptions & { readonly width: number; readonly height: number } {
  const linesIn = (entry: LegendEntry) =>
    linesOf(entry.name, nameWidth(widthPt, entry), fontSizePt, font);
  const widthOf = (entry: LegendEntry) =>
    SAMPLE[entry.sample] +
    ROOM +
    Math.max(...linesIn(entry).map((line) => font.widthOf(line, fontSizePt)));
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
  const lineHeight = fontSizePt * 1.4;
  let height = 0;
  // Columns would need the widest name's width for all of them; what does not fill a row is centred.
  const placed: Placed[] = rows.flatMap((row) => {
    const left = Math.max(0, (widthPt - lengthOf(row)) / 2);
    const y = height + 0.5 * lineHeight;
    const own = row.map(({ entry, x }) => ({ ...entry, x: left + x, y, lines: linesIn(entry) }));
    height += lineHeight * Math.max(...own.map(({ lines }) => lines.length));
    return own;
  });
  const texts = placed.flatMap(({ x, y, sample, lines }) =>
    lines.map((text, i) => ({ x: x + SAMPLE[sample] + ROOM, y: y + i * lineHeight, text })),
  );
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
          y1: 'y',
          y2: 'y',
          stroke: entry.colour,
          strokeWidth: 1.1,
          strokeDasharray: entry.sample === 'line' ? entry.dash : 'none',
        }),
        Plot.dot(entry.sample === 'line' ? [] : [entry], {
          x: entry.x + SAMPLE[entry.sample] / 2,
          y: 'y',
          symbol: entry.marker,
          r: 2.4,
          fill: entry.colour,
          stroke: 'white',
          strokeWidth: 0.5,
        }),
      ]),
      Plot.text(texts, {
        x: 'x',
        y: 'y',
        text: 'text',
        textAnchor: 'start',
        fontSize: fontSizePt,
        fill: ON_PAPER.ink,
        className: 'legend',
      }),
    ],
  };
}
