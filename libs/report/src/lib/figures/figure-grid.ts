import { groupBy } from '../group-by.ts';
import type { Figure, FigureLayout, FigurePanel } from './figure.ts';
import type { FigureFont } from './figure-font.ts';
import { type FittedAxis, fitAxis } from './fitted-axis.ts';
import { EDGE, type PanelBox, TICK, TICK_ROOM } from './panel-plot.ts';
import { xValues, yValues } from './panel-values.ts';
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
 * Lays panels out in rows, so that what their axes enclose is equally wide. Those of one label have one axis, and what a row or
 * a column has in common is told once.
 */
export function figureGrid(
  figure: Figure,
  layout: FigureLayout,
  sizes: FigureSizes,
  font: FigureFont,
): Grid {
  const { panels, looks } = figure;
  const perRow = Math.min(panels.length, panelsPerRow(figure, layout));
  const [xOf, yOf] = [sharedAxes(panels, 'x', xValues), sharedAxes(panels, 'y', yValues)];
  const across = (panel: FigurePanel) => (panel.kind === 'rows' ? yOf(panel) : xOf(panel));
  const widest = (texts: readonly string[]) =>
    Math.max(0, ...texts.map((text) => font.widthOf(text, sizes.tick)));
  const ticksOf = ({ ticks }: FittedAxis) => widest(ticks.map(({ text }) => text));
  const strip = sizes.label * 1.25;
  const yStrip = sizes.label * 1.4;

  const above = (i: number) => panels[i - perRow];
  const below = (i: number) => panels[i + perRow];
  /** Whether the panel before it in its row has its axis of values. */
  const isLed = (i: number) =>
    i % perRow > 0 && panels[i]!.kind !== 'rows' && yOf(panels[i]!) === yOf(panels[i - 1]!);
  const nameOf = (i: number) =>
    panels.length > 1 && above(i)?.name !== panels[i]!.name ? panels[i]!.name : undefined;
  const yLabelOf = (i: number) => {
    const { kind, y, name } = panels[i]!;
    return kind === 'rows' || isLed(i) || (panels.length > 1 && y.label === name)
      ? undefined
      : y.label;
  };
  const leftOf = (i: number) => {
    const panel = panels[i]!;
    if (panel.kind === 'rows') {
      const own = looks.filter(({ series }) => panel.groups.some((g) => g.series === series));
      return widest(own.map(({ name }) => name)) + 2 * TICK;
    }
    const label = yLabelOf(i) === undefined ? 0 : yStrip;
    return isLed(i) ? TICK + TICK_ROOM : TICK + TICK_ROOM + ticksOf(yOf(panel)) + label + 1;
  };
  const lefts = Array.from({ length: perRow }, (_, column) =>
    Math.max(...panels.map((_, i) => (i % perRow === column ? leftOf(i) : 0))),
  );
  const width = (sizes.width - lefts.reduce((sum, left) => sum + left + EDGE, 0)) / perRow;

  const cells: Cell[] = [];
  let top = 0;
  let height = 0;
  for (let first = 0; first < panels.length; first += perRow) {
    const row = panels.slice(first, first + perRow);
    const plotHeight = Math.max(
      ...row.map((panel) => heightOf(panel, width, panels.length, layout)),
    );
    const y = top + (row.some((_, column) => nameOf(first + column) !== undefined) ? strip : 0);
    let under = 0;
    let x = 0;
    row.forEach((panel, column) => {
      const i = first + column;
      const axis = across(panel);
      const next = below(i);
      const isLowest = !next || across(next) !== axis;
      const { names } = panel.x;
      const isTurned = names !== undefined && width / names.length >= sizes.tick * 1.05;
      const shown = isTurned ? axis : thinned(axis, width, sizes.tick, font);
      const ticked = isTurned && !isLowest ? withoutTexts(shown) : shown;
      const tickRoom = isTurned ? ticksOf(ticked) : sizes.tick;
      const bottom = TICK + TICK_ROOM + tickRoom;
      under = Math.max(under, bottom + (isLowest ? strip : 0));
      cells.push({
        panel,
        x: panel.kind === 'rows' ? xOf(panel) : ticked,
        y: panel.kind === 'rows' ? ticked : isLed(i) ? withoutTexts(yOf(panel)) : yOf(panel),
        at: { x, y },
        box: { width, height: plotHeight, left: lefts[column]!, bottom },
        isTurned,
        name: nameOf(i),
        xLabel: isLowest ? axis.label : undefined,
        yLabel: yLabelOf(i),
      });
      x += lefts[column]! + width + EDGE;
    });
    height = y + EDGE + plotHeight + under + DESCENT;
    top = height + sizes.label * 0.6;
  }
  return { cells, height };
}

function sharedAxes(
  panels: readonly FigurePanel[],
  side: 'x' | 'y',
  values: (panel: FigurePanel) => number[],
): (panel: FigurePanel) => FittedAxis {
  const alike = groupBy(panels, (panel) => panel[side].label);
  const fitted = new Map(
    [...alike].map(([label, own]) => {
      const ticks = own.flatMap((panel) => panel[side].ticks ?? []);
      const axis = {
        ...own[0]![side],
        ...(ticks.length > 0 && { ticks: [...new Set(ticks)].sort((a, b) => b - a) }),
      };
      return [label, fitAxis(axis, own.flatMap(values))];
    }),
  );
  return (panel) => fitted.get(panel[side].label)!;
}

/** As the layout or the figure says, or as many as leave each some width. */
function panelsPerRow(
  { panels: { length }, perRow }: Figure,
  { columns, panelsPerRow }: FigureLayout,
): number {
  if (panelsPerRow !== undefined) return panelsPerRow;
  if (perRow !== undefined && perRow * NARROWEST_MM <= WIDTH_MM[columns]) return perRow;
  if (columns === 1) return length < 4 ? 1 : 2;
  if (length < 5) return length;
  return length % 4 === 0 || length > 6 ? 4 : 3;
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
