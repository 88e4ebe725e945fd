import * as Plot from '@observablehq/plot';
import { groupBy } from '../group-by.ts';
import { type Look, isNarrow, wrapText } from '../look.ts';
import { densityText, percent } from '../percent.ts';
import type { MethodResult } from '../seed-statistics.ts';
import { type Caption, type Heading, type PlacedPlot, panelsSvg } from '../svg.ts';
import {
  type Level,
  type MeanPoint,
  accuracyAxis,
  accuracyDomain,
  levelRules,
  meanMarks,
} from './accuracy-marks.ts';

interface Drawn {
  readonly names: readonly string[];
  readonly levels: readonly Level[];
  readonly points: readonly MeanPoint[];
  readonly seeds: readonly MethodResult[];
  readonly colour: (of: { readonly method: string }) => string;
}

const EDGE = 20;
const LINE = 17;
const PLOT_HEIGHT = 130;
const GAP = 14;
/** Beyond it a picture of a file is too large for what shows it. */
const MOST_PANELS = 120;

/** A small plot a method, all on the same axes; a band in the back reaches from the worst mean to the best. */
export function accuracyMultiples(
  { title, subtitle }: Heading,
  { names, levels, points, seeds, colour }: Drawn,
  look: Look,
): string {
  const columns = isNarrow(look) ? 2 : 4;
  const width = Math.floor((look.width - EDGE) / columns);
  const densities = [...new Set(points.map(({ density }) => density))].sort((a, b) => a - b);
  const heights = accuracyDomain(points, seeds, levels);
  const range = densities.map((density) => {
    const means = points.filter((p) => p.density === density).map(({ mean }) => mean);
    return { density, worst: Math.min(...means), best: Math.max(...means) };
  });
  const byMethod = groupBy(points, ({ method }) => method);
  const seedsOf = groupBy(seeds, ({ method }) => method);
  const captions: Caption[] = [];
  const placed: PlacedPlot[] = [];
  let top = 0;
  const shown = names.slice(0, MOST_PANELS);
  for (let first = 0; first < shown.length; first += columns) {
    const row = shown.slice(first, first + columns);
    const titles = row.map((name) => wrapText(name, width - EDGE, look.fontSize - 1, true));
    const lines = Math.max(...titles.map(({ length }) => length)) + 1;
    row.forEach((method, i) => {
      const x = i * width;
      const own = byMethod.get(method)!;
      const { mean, seeds: n, density } = own[0]!;
      const facts = `${percent(mean)} at ${densityText(density)}, n = ${n}`;
      titles[i]!.forEach((text, line) =>
        captions.push({ x: x + EDGE, y: top + 16 + line * LINE, text, strong: true }),
      );
      captions.push({ x: x + EDGE, y: top + 16 + titles[i]!.length * LINE, text: facts });
      placed.push({
        x,
        y: top + lines * LINE + 4,
        plot: {
          width,
          height: PLOT_HEIGHT,
          marginLeft: 52,
          marginRight: 18,
          marginTop: 8,
          marginBottom: 24,
          x: { type: 'log', domain: [densities.at(-1)!, densities[0]!], axis: null },
          y: { domain: heights },
          marks: [
            ...accuracyAxis(look, 3),
            Plot.areaY(range, {
              x: 'density',
              y1: 'worst',
              y2: 'best',
              fill: look.quiet,
              fillOpacity: 0.14,
              className: 'range',
            }),
            levelRules(levels, heights[0], look),
            ...meanMarks(own, seedsOf.get(method)!, heights, colour, look),
            ...ends(densities, look),
          ],
        },
      });
    });
    top += lines * LINE + 4 + PLOT_HEIGHT + GAP;
  }
  const left = names.length - shown.length;
  if (left > 0)
    captions.push({ x: EDGE, y: top + 16, text: `${left} more methods stand in the table.` });
  const words = `${subtitle ?? ''}\nThe grey band reaches from the worst mean to the best.`;
  return panelsSvg({ title, subtitle: words.trim() }, placed, captions, look);
}

/** The densities at both ends. */
function ends(densities: readonly number[], look: Look): Plot.Markish[] {
  const end = (density: number, textAnchor: 'start' | 'end') =>
    Plot.text([density], {
      x: [density],
      frameAnchor: 'bottom',
      lineAnchor: 'top',
      textAnchor,
      dy: 8,
      fill: look.quiet,
      text: [densityText(density)],
      className: 'density',
    });
  return [end(densities.at(-1)!, 'start'), end(densities[0]!, 'end')];
}
