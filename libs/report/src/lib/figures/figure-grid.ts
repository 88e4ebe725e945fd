import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import { groupBy } from '../group-by.ts';
import type { Figure, FigureLayout, FigurePanel } from './figure.ts';
import type { FigureFont } from './figure-font.ts';
import { type FittedAxis, fitAxis } from './fitted-axis.ts';
import { EDGE, type PanelBox, TICK, TICK_ROOM } from './panel-plot.ts';
import { measuredValues, xValues, yValues } from './panel-values.ts';
import { thinned } from './thinned-ticks.ts';

const MM = 72 / 25.4;
/** Of a column of a paper's page, and of the two of them with what is between. */
const WIDTH_MM = { 1: 85, 2: 178 } as const;
const USUAL_SIZE = 8;
const ROW_HEIGHT = 13;
const [LOWEST, HIGHEST] = [70, 160];
/** Height by width: of a panel alone, and of one among several. */
const ASPECTS = { alone: 0.66, among: 0.55 };
const NARROWEST_MM = 20;
/** Of the narrowest panel, what its axes enclose at least. */
const LEAST_SHARE = 0.4;
/** Of letters below the last line. */
const DESCENT = 2;

/** Sizes in points that all parts of a figure share. */
export interface FigureSizes {
  readonly width: number;
  readonly label: number;
  readonly tick: number;
}

export function figureSizes({ columns, fontSizePt = USUAL_SIZE }: FigureLayout): FigureSizes {
  return { width: WIDTH_MM[columns] * MM, label: fontSizePt, tick: fontSizePt - 1 };
}

/** A panel in its place, of which x and y are its left and its upper edge, below the legend; what is undefined is told beside it. */
export interface Cell {
  readonly panel: FigurePanel;
  readonly x: FittedAxis;
  readonly y: FittedAxis;
  readonly at: { readonly x: number; readonly y: number };
  readonly box: PanelBox;
  readonly isTurned: boolean;
  readonly name: string | undefined;
  readonly xLabel: string | undefined;
  readonly yLabel: string | undefined;
}

export interface Grid {
  readonly cells: readonly Cell[];
  readonly height: number;
}

/**
 * Lays panels out in rows, so that what their axes enclose is equally wide. Those of one label and the same names have one
 * axis, and what a row or a column has in common is told once. Where a name has no room, rows get shorter, unless the layout
 * says how long they are. Throws BAD_STYLE where it has none in any.
 */
export function figureGrid(
  figure: Figure,
  layout: FigureLayout,
  sizes: FigureSizes,
  font: FigureFont,
): Grid {
  const { panelsPerRow } = layout;
  const usual = Math.max(...rowsOf(figure, layout).map(({ length }) => length));
  for (let perRow = usual; ; perRow--) {
    const own = perRow === usual ? layout : { ...layout, panelsPerRow: perRow };
    try {
      return gridOf(figure, own, sizes, font);
    } catch (error) {
      if (!isWinnowError(error) || panelsPerRow !== undefined || perRow === 1) throw error;
    }
  }
}

function gridOf(figure: Figure, layout: FigureLayout, sizes: FigureSizes, font: FigureFont): Grid {
  const { panels, looks } = figure;
  const rows = rowsOf(figure, layout);
  const perRow = Math.max(...rows.map(({ length }) => length));
  const xOf = sharedAxes(panels, 'x', xValues);
  const yOf = sharedAxes(panels, 'y', yValues, measuredValues);
  const across = (panel: FigurePanel) => (panel.kind === 'rows' ? yOf(panel) : xOf(panel));
  const widest = (texts: readonly string[]) =>
    Math.max(0, ...texts.map((text) => font.widthOf(text, sizes.tick)));
  const ticksOf = ({ ticks }: FittedAxis) => widest(ticks.map(({ text }) => text));
  const strip = sizes.label * 1.25;
  const yStrip = sizes.label * 1.4;

  const places = rows.map((row, r) =>
    row.map((panel, c) => {
      const before = row[c - 1];
      const below = rows[r + 1]?.[c];
      const isLed = before !== undefined && panel.kind !== 'rows' && yOf(before) === yOf(panel);
      const isNamed = panels.length > 1 && rows[r - 1]?.[c]?.name !== panel.name;
      const isLabelled =
        panel.kind !== 'rows' && !isLed && !(panels.length > 1 && panel.y.label === panel.name);
      const isLowest = !below || across(below) !== across(panel);
      return { panel, isLed, isNamed, isLabelled, isLowest };
    }),
  );
  const leftOf = ({ panel, isLed, isLabelled }: (typeof places)[number][number]) => {
    if (panel.kind === 'rows') {
      const own = looks.filter(({ series }) => panel.groups.some((g) => g.series === series));
      return widest(own.map(({ name }) => name)) + 2 * TICK;
    }
    if (isLed) return TICK + TICK_ROOM;
    return TICK + TICK_ROOM + ticksOf(yOf(panel)) + (isLabelled ? yStrip : 0) + 1;
  };
  const lefts = Array.from({ length: perRow }, (_, c) =>
    Math.max(...places.flatMap((row) => (row[c] ? leftOf(row[c]) : []))),
  );
  const width = (sizes.width - lefts.reduce((sum, left) => sum + left + EDGE, 0)) / perRow;
  if (width < NARROWEST_MM * MM * LEAST_SHARE) throw tooWide('What stands left of its panels');

  const cells: Cell[] = [];
  let top = 0;
  let height = 0;
  for (const row of places) {
    const plotHeight = Math.max(
      ...row.map(({ panel }) => heightOf(panel, width, panels.length, layout)),
    );
    const y = top + (row.some(({ isNamed }) => isNamed) ? strip : 0);
    let under = 0;
    let x = 0;
    for (const [c, { panel, isLed, isNamed, isLabelled, isLowest }] of row.entries()) {
      const axis = across(panel);
      const { names } = panel.x;
      const isTurned = names !== undefined && width / names.length >= sizes.tick * 1.05;
      const shown = isTurned ? axis : thinned(axis, width, sizes.tick, font);
      const ticked = isTurned && !isLowest ? withoutTexts(shown) : shown;
      const bottom = TICK + TICK_ROOM + (isTurned ? ticksOf(ticked) : sizes.tick);
      const left = lefts[c]!;
      if (isNamed && font.widthOf(panel.name, sizes.label) > left + width + EDGE)
        throw tooWide(`“${panel.name}”`);
      under = Math.max(under, bottom + (isLowest ? strip : 0));
      cells.push({
        panel,
        x: panel.kind === 'rows' ? xOf(panel) : ticked,
        y: panel.kind === 'rows' ? ticked : isLed ? withoutTexts(yOf(panel)) : yOf(panel),
        at: { x, y },
        box: { width, height: plotHeight, left, bottom },
        isTurned,
        name: isNamed ? panel.name : undefined,
        xLabel: isLowest ? axis.label : undefined,
        yLabel: isLabelled ? yOf(panel).label : undefined,
      });
      x += left + width + EDGE;
    }
    height = y + EDGE + plotHeight + under + DESCENT;
    top = height + sizes.label * 0.6;
  }
  return { cells, height };
}

/** A text without room. */
export const tooWide = (what: string) =>
  new WinnowError('BAD_STYLE', `${what} is too wide for this figure.`, {
    hint: 'Give fewer runs, as by --where, --columns 2, or in the file of --style a shorter name, a smaller fontSize or fewer panelsPerRow.',
  });

function sharedAxes(
  panels: readonly FigurePanel[],
  side: 'x' | 'y',
  values: (panel: FigurePanel) => number[],
  measured = values,
): (panel: FigurePanel) => FittedAxis {
  // Names stand for numbers, which mean something else where names are others.
  const keyOf = (panel: FigurePanel) => JSON.stringify([panel[side].label, panel[side].names]);
  const alike = groupBy(panels, keyOf);
  const fitted = new Map(
    [...alike].map(([key, own]) => {
      const ticks = own.flatMap((panel) => panel[side].ticks ?? []);
      const axis = {
        ...own[0]![side],
        ...(ticks.length > 0 && { ticks: [...new Set(ticks)].sort((a, b) => b - a) }),
      };
      return [key, fitAxis(axis, own.flatMap(values), own.flatMap(measured))];
    }),
  );
  return (panel) => fitted.get(keyOf(panel))!;
}

/** As the layout or the panels say, or as many in a row as leave each some width. */
function rowsOf(
  { panels }: Figure,
  { columns, panelsPerRow }: FigureLayout,
): readonly (readonly FigurePanel[])[] {
  const told = [...groupBy(panels, ({ row }) => row).values()];
  const most = Math.max(...told.map(({ length }) => length));
  const isTold = panels.every(({ row }) => row !== undefined) && most > 1;
  if (panelsPerRow === undefined && isTold && most * NARROWEST_MM <= WIDTH_MM[columns]) return told;
  const perRow = panelsPerRow ?? usualPerRow(panels.length, columns);
  return Array.from({ length: Math.ceil(panels.length / perRow) }, (_, r) =>
    panels.slice(r * perRow, (r + 1) * perRow),
  );
}

function usualPerRow(panels: number, columns: FigureLayout['columns']): number {
  if (columns === 1) return panels < 4 ? 1 : 2;
  if (panels < 5) return panels;
  return panels % 4 === 0 || panels > 6 ? 4 : 3;
}

function heightOf(
  panel: FigurePanel,
  width: number,
  panels: number,
  { panelHeightMm }: FigureLayout,
): number {
  if (panelHeightMm !== undefined) return panelHeightMm * MM;
  if (panel.kind === 'rows') return panel.groups.length * ROW_HEIGHT;
  const aspect = panels > 1 ? ASPECTS.among : ASPECTS.alone;
  return Math.max(LOWEST, Math.min(width * aspect, HIGHEST));
}

const withoutTexts = (axis: FittedAxis): FittedAxis => ({
  ...axis,
  ticks: axis.ticks.map(({ at }) => ({ at, text: '' })),
});
