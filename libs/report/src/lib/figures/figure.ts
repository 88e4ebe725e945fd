import type { SeriesLook } from './series-look.ts';

/** One run's value; `x` is its own, which may differ from that of its group. */
export interface Sample {
  readonly seed: number;
  readonly x: number;
  readonly value: number;
}

/** Runs of a series that are alike but for the seed, at their mean. */
export interface Group {
  /** The key of its look. */
  readonly series: string;
  readonly x: number;
  readonly mean: number;
  /** Of the mean, with 95 % confidence; null of a single seed. */
  readonly interval: readonly [low: number, high: number] | null;
  readonly samples: readonly Sample[];
}

/** A height to compare with. */
export interface Level extends Omit<Group, 'x'> {
  /** Drawn where the axis reaches it, which is not fitted to it. */
  readonly aside?: boolean;
}

/** What a seed of a series went through, or the mean of its seeds. */
export interface Curve {
  readonly series: string;
  /** None of a mean. */
  readonly seed: number | undefined;
  readonly points: readonly { readonly x: number; readonly value: number }[];
}

/** Where the curves of a series are to go. */
export interface Target {
  readonly series: string;
  readonly value: number;
}

/** What an axis shows of its numbers: fractions in percent, or numbers as they are. */
export type AxisUnit = 'percent' | 'number';

export interface Axis {
  readonly label: string;
  /** Over its column in the CSV. */
  readonly column: string;
  readonly unit: AxisUnit;
  /** By itself it is a log one where the largest value would flatten the rest; `symlog` has a place for 0 before it. */
  readonly scale: 'linear' | 'log' | 'symlog' | 'auto';
  /** Places to label, in place of round numbers. */
  readonly ticks?: readonly number[];
  /** From large to small. */
  readonly reversed?: boolean;
  /** What the numbers 1, 2, … stand for. */
  readonly names?: readonly string[];
  /** Its ends, where they are not to be fitted to the data. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

interface AnyPanel {
  readonly name: string;
  /** Panels of one row stand side by side, where there is room. */
  readonly row?: string;
  readonly x: Axis;
  readonly y: Axis;
}

/** Groups by x, those of a series joined by a line. */
export interface PointsPanel extends AnyPanel {
  readonly kind: 'points';
  readonly groups: readonly Group[];
  /** Other series, in grey behind them. */
  readonly behind?: readonly Group[];
  readonly levels: readonly Level[];
  /** Series that meet at one x are drawn over each other there; side by side when left out. */
  readonly exactX?: boolean;
}

/** A row a series, whose values lie along `y`, drawn from left to right; all are of one x. */
export interface RowsPanel extends AnyPanel {
  readonly kind: 'rows';
  readonly groups: readonly Group[];
  readonly levels: readonly Level[];
}

/** Seeds as thin lines, means over them. */
export interface CurvesPanel extends AnyPanel {
  readonly kind: 'curves';
  readonly curves: readonly Curve[];
  readonly targets: readonly Target[];
}

export type FigurePanel = PointsPanel | RowsPanel | CurvesPanel;

export interface Figure {
  /** What it shows, for who cannot see it. */
  readonly about: string;
  readonly panels: readonly FigurePanel[];
  /** In the order of the legend. */
  readonly looks: readonly SeriesLook[];
}

/** How wide a figure is, and how it is set. */
export interface FigureLayout {
  /** Of the page of a paper, that it spans: 85 mm or 178 mm. */
  readonly columns: 1 | 2;
  readonly title?: string | undefined;
  /** Of labels; ticks are a point smaller. */
  readonly fontSizePt?: number | undefined;
  readonly panelsPerRow?: number | undefined;
  /** Of what the axes enclose. */
  readonly panelHeightMm?: number | undefined;
  readonly interval?: 'band' | 'bars' | 'none' | undefined;
}
