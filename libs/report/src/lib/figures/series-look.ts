import { ON_PAPER, colourOf } from '../look.ts';

/** How a series is told from the others, in colour and in grey. */
export interface SeriesLook {
  /** What its runs name it by. */
  readonly series: string;
  /** In the legend. */
  readonly name: string;
  readonly colour: string;
  readonly marker: Marker;
  /** As in SVG's stroke-dasharray, in points; `none` is a solid line. */
  readonly dash: string;
}

export const MARKERS = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross', 'wye'] as const;
export type Marker = (typeof MARKERS)[number];

/** Seven, and colours are eight: every pair comes once before any comes again. */
const DASHES = ['none', '6 1.5 1.5 1.5', '1.5 1.5', '3 1', '8 2', '4 1.5 1 1.5 1 1.5', '2.5 2.5'];

/** The look of the `index`-th series. */
export function lookOf(series: string, index: number): SeriesLook {
  const marker = MARKERS[index % MARKERS.length]!;
  return {
    series,
    name: series,
    colour: colourOf(ON_PAPER, index),
    marker,
    dash: DASHES[index % 7]!,
  };
}

/** Of what the others are compared with: it stands back. */
export function levelLook(series: string, dash = '4 2'): SeriesLook {
  return { series, name: series, colour: ON_PAPER.quiet, marker: 'circle', dash };
}
