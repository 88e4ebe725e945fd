import * as Plot from '@observablehq/plot';
import { visible } from '@winnow/plugin-api/text';
import { parseHTML } from 'linkedom/worker';
import { ON_PAPER } from '../look.ts';
import { groupBy } from '../group-by.ts';
import type { Figure, FigureLayout, FigurePanel } from './figure.ts';
import type { FigureFont } from './figure-font.ts';
import { type Cell, type Grid, figureGrid, figureSizes, tooWide } from './figure-grid.ts';
import { type LegendEntry, figureLegend, linesOf, nameWidth } from './figure-legend.ts';
import { EDGE, panelPlot } from './panel-plot.ts';
import type { SeriesLook } from './series-look.ts';
import { type SvgElement, svgElement } from './svg-element.ts';
import { levelsWithin } from './within-axis.ts';

/** A figure as elements of SVG whose unit is a point, with its texts as texts. */
export interface DrawnFigure {
  readonly about: string;
  readonly root: SvgElement;
  readonly widthPt: number;
  readonly heightPt: number;
}

/**
 * Draws a figure. Throws BAD_STYLE where a text has no room, or a letter no shape in the font.
 * @throws RangeError if it has no panel, or draws a series without a look.
 */
export function drawFigure(given: Figure, layout: FigureLayout, font: FigureFont): DrawnFigure {
  if (given.panels.length === 0) throw new RangeError('No panel to draw');
  const figure = spelt(given);
  const sizes = figureSizes(layout);
  const grid = figureGrid(figure, layout, sizes, font);
  const { document } = parseHTML('<html></html>');
  const root = svgElement(document, 'g', {
    'font-size': sizes.label,
    fill: ON_PAPER.ink,
    color: ON_PAPER.ink,
  });
  const clips = { count: 0 };
  const place = (plot: Plot.PlotOptions, x: number, y: number) => {
    const drawn = Plot.plot({ ...plot, document });
    const group = svgElement(document, 'g', {
      transform: `translate(${x},${y})`,
      'text-anchor': 'middle',
      'font-size': sizes.tick,
    });
    const parts = [...drawn.children] as unknown as SvgElement[];
    // Plot's style sheet is for pages.
    group.append(...parts.filter(({ localName }) => localName !== 'style'));
    numberClips(group, clips);
    root.append(group);
  };

  let top = 1;
  if (layout.title !== undefined) {
    const size = sizes.label + 1;
    if (font.widthOf(layout.title, size) > sizes.width) throw tooWide('The title');
    const title = { x: sizes.width / 2, y: top + size, 'text-anchor': 'middle', 'font-size': size };
    root.append(svgElement(document, 'text', title, visible(layout.title)));
    top += size * 1.6;
  }
  const entries = legendEntries(figure, grid);
  if (entries.length > 0) {
    for (const entry of entries) {
      const room = nameWidth(sizes.width, entry);
      const lines = linesOf(entry.name, room, sizes.tick, font);
      if (lines.some((line) => font.widthOf(line, sizes.tick) > room))
        throw tooWide(`“${entry.name}”`);
    }
    const legend = figureLegend(entries, sizes.width, sizes.tick, font);
    place(legend, 0, top);
    top += legend.height;
  }
  const looks = new Map(figure.looks.map((look) => [look.series, look]));
  const look = (series: string) => {
    const found = looks.get(series);
    if (!found) throw new RangeError(`Series "${series}" has no look`);
    return found;
  };
  for (const cell of grid.cells) {
    const { panel, x, y, at, box, isTurned } = cell;
    const interval = layout.interval ?? 'bars';
    const text = { tickSizePt: sizes.tick, isTurned };
    place(panelPlot(panel, { look, x, y, interval }, box, text), at.x, top + at.y);
    for (const { text, ...where } of labelsOf(cell, sizes.label, top))
      root.append(svgElement(document, 'text', { 'text-anchor': 'middle', ...where }, text));
  }
  for (const text of root.querySelectorAll('text')) font.assertDraws(text.textContent ?? '');
  return { about: figure.about, root, widthPt: sizes.width, heightPt: top + grid.height };
}

/** Around a panel: its name, and what its axes are of. */
function labelsOf({ at, box, name, xLabel, yLabel }: Cell, size: number, top: number) {
  const left = at.x + box.left;
  const middle = left + box.width / 2;
  const plotTop = top + at.y + EDGE;
  const beside = at.x + size;
  return [
    ...(name === undefined ? [] : [{ text: name, x: middle, y: plotTop - size * 0.5 }]),
    ...(xLabel === undefined
      ? []
      : [{ text: xLabel, x: middle, y: plotTop + box.height + box.bottom + size }]),
    ...(yLabel === undefined
      ? []
      : [
          {
            text: yLabel,
            transform: `translate(${beside},${plotTop + box.height / 2}) rotate(-90)`,
          },
        ]),
  ];
}

/** What is drawn in any panel: series, but those that have a row of their own, and levels. */
function legendEntries({ looks }: Figure, { cells }: Grid): LegendEntry[] {
  const drawnAs = new Map<string, LegendEntry['sample']>();
  for (const { panel, y } of cells) {
    if (panel.kind === 'curves') for (const { series } of panel.curves) drawnAs.set(series, 'line');
    else {
      for (const { series } of levelsWithin(panel.levels, y)) drawnAs.set(series, 'line');
      if (panel.kind === 'points')
        for (const [series, { length }] of groupBy(panel.groups, (group) => group.series))
          if (drawnAs.get(series) !== 'joined')
            drawnAs.set(series, panel.exactX && length === 1 ? 'marker' : 'joined');
    }
  }
  return looks.flatMap((look: SeriesLook) => {
    const sample = drawnAs.get(look.series);
    return sample ? [{ ...look, sample }] : [];
  });
}

/** Plot counts its clips on through the whole program; a figure's are to be the same each time. */
function numberClips(group: SvgElement, clips: { count: number }): void {
  const names = new Map<string, string>();
  for (const clip of group.querySelectorAll('clipPath')) {
    const name = `clip-${++clips.count}`;
    names.set(`url(#${clip.getAttribute('id')})`, `url(#${name})`);
    clip.setAttribute('id', name);
  }
  for (const clipped of group.querySelectorAll('[clip-path]'))
    clipped.setAttribute('clip-path', names.get(clipped.getAttribute('clip-path')!)!);
}

/** Names that come from elsewhere may hold what XML has no place for. */
function spelt(figure: Figure): Figure {
  const axis = <A extends FigurePanel['x']>(own: A): A => ({
    ...own,
    label: visible(own.label),
    ...(own.names && { names: own.names.map(visible) }),
  });
  return {
    ...figure,
    about: visible(figure.about),
    panels: figure.panels.map((panel) => ({
      ...panel,
      name: visible(panel.name),
      x: axis(panel.x),
      y: axis(panel.y),
    })),
    looks: figure.looks.map((look) => ({ ...look, name: visible(look.name) })),
  };
}
