import * as Plot from '@observablehq/plot';
import { ON_PAPER } from '../look.ts';
import type { Tick } from './axis-ticks.ts';
import { curvesMarks } from './curves-marks.ts';
import type { FigurePanel } from './figure.ts';
import type { FittedAxis } from './fitted-axis.ts';
import { type Drawing, pointsMarks } from './points-marks.ts';
import { rowsMarks } from './rows-marks.ts';

/** In points; what the axes enclose, and what is around it. */
export interface PanelBox {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly bottom: number;
}

/** How texts of a panel are set. */
export interface PanelText {
  readonly tickSizePt: number;
  readonly isTurned: boolean;
}

export const TICK = 2.5;
export const TICK_ROOM = 2;
/** Half a marker at the frame, and half a label at its end. */
export const EDGE = 6;

/** A panel without its labels. */
export function panelPlot(
  panel: FigurePanel,
  drawing: Drawing,
  { width, height, left, bottom }: PanelBox,
  { tickSizePt, isTurned }: PanelText,
): Plot.PlotOptions {
  const isRows = panel.kind === 'rows';
  const across = isRows ? drawing.y : drawing.x;
  const axis = { tickSize: TICK, tickPadding: TICK_ROOM, label: null, fontSize: tickSizePt };
  const colours = { color: ON_PAPER.ink, stroke: ON_PAPER.ink, fill: ON_PAPER.ink };
  return {
    width: left + width + EDGE,
    height: EDGE + height + bottom,
    marginTop: EDGE,
    marginRight: EDGE,
    marginBottom: bottom,
    marginLeft: left,
    x: { ...scaleOf(across), axis: null },
    y: isRows
      ? { domain: [panel.groups.length - 0.5, -0.5], axis: null }
      : { ...scaleOf(drawing.y), axis: null },
    marks: [
      isRows
        ? Plot.gridX(placesOf(across.ticks), {
            stroke: ON_PAPER.rule,
            strokeOpacity: 1,
            strokeWidth: 0.5,
          })
        : Plot.gridY(placesOf(drawing.y.ticks), {
            stroke: ON_PAPER.rule,
            strokeOpacity: 1,
            strokeWidth: 0.5,
          }),
      ...marksOf(panel, drawing),
      Plot.frame({ anchor: 'left', stroke: ON_PAPER.ink, strokeWidth: 0.6 }),
      Plot.frame({ anchor: 'bottom', stroke: ON_PAPER.ink, strokeWidth: 0.6 }),
      Plot.axisX(placesOf(across.ticks), {
        ...axis,
        ...colours,
        text: textsOf(across.ticks),
        strokeWidth: 0.6,
        ...(isTurned && { tickRotate: -90 }),
      }),
      ...(isRows
        ? [
            Plot.text(panel.groups, {
              frameAnchor: 'left',
              y: (_, i: number) => i,
              text: ({ series }: { series: string }) => drawing.look(series).name,
              textAnchor: 'end',
              dx: -4,
              fontSize: tickSizePt,
              fill: ON_PAPER.ink,
              className: 'row',
            }),
          ]
        : [
            Plot.axisY(placesOf(drawing.y.ticks), {
              ...axis,
              ...colours,
              strokeWidth: 0.6,
              text: textsOf(drawing.y.ticks),
            }),
          ]),
    ],
  };
}

function marksOf(panel: FigurePanel, drawing: Drawing): Plot.Markish[] {
  switch (panel.kind) {
    case 'points':
      return pointsMarks(panel, drawing);
    case 'rows':
      return rowsMarks(panel, drawing);
    case 'curves':
      return curvesMarks(panel, drawing);
  }
}

const scaleOf = ({ scale, domain, constant }: FittedAxis) => ({
  type: scale,
  domain,
  ...(constant !== undefined && { constant }),
});

const placesOf = (ticks: readonly Tick[]) => ticks.map(({ at }) => at);

function textsOf(ticks: readonly Tick[]): (at: number) => string {
  const texts = new Map(ticks.map(({ at, text }) => [at, text]));
  return (at) => texts.get(at) ?? '';
}
