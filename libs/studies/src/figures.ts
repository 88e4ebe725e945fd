export { COSTS, type Cost } from './lib/figures/cost-figure.ts';
export { parseStyle, type FigureStyle } from './lib/figures/figure-style.ts';
export type { ToldFigure } from './lib/figures/figure-runs.ts';
export {
  FIGURE_KINDS,
  runFigure,
  type FigureKind,
  type FigureRequest,
} from './lib/figures/run-figure.ts';
export {
  figureFormat,
  writeFigure,
  type FigureFiles,
  type WrittenFigure,
} from './lib/figures/write-figure.ts';
