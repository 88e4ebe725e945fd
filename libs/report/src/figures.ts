export type {
  Axis,
  Curve,
  CurvesPanel,
  Figure,
  FigureLayout,
  FigurePanel,
  Group,
  Level,
  PointsPanel,
  RowsPanel,
  Sample,
  Target,
} from './lib/figures/figure.ts';
export { figureCsv } from './lib/figures/figure-csv.ts';
export { FIGURE_FORMATS, paintFigure, type FigureFormat } from './lib/figures/paint-figure.ts';
export { hasBand } from './lib/figures/has-band.ts';
export { MARKERS, levelLook, lookOf, type SeriesLook } from './lib/figures/series-look.ts';
