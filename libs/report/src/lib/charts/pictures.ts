import type { Look } from '../look.ts';
import type { AccuracyPictureOptions } from '../seed-statistics.ts';
import type { Heading, LonePlot } from '../svg.ts';
import type { CurvesPictureOptions } from './draw-curves.ts';
import type { LayerPictureOptions } from './draw-layers.ts';
import type { ObjectivePictureOptions } from './draw-objectives.ts';

// Plot and the document that it draws into are loaded once there is something to draw, as they take longer than most commands.

/**
 * Draws how well each method's tickets do, as an SVG document: a row of dots a method, or, where a method has several
 * densities, accuracy against density. Methods keep the order of their first result.
 * @throws RangeError if there are no results, or an accuracy or density is not a fraction (a density above 0).
 */
export async function accuracyPicture(
  options: AccuracyPictureOptions,
  look?: Look,
): Promise<string> {
  return (await import('./draw-accuracy.ts')).drawAccuracy(options, look);
}

/**
 * Draws the series of one run over its steps, as an SVG document: a small plot each, phase by phase, in the order in
 * which they first appear. Values that are not finite leave no mark; a series that stays the same has no plot.
 * @throws RangeError if there is no series to draw.
 */
export async function curvesPicture(options: CurvesPictureOptions, look?: Look): Promise<string> {
  return (await import('./draw-curves.ts')).drawCurves(options, look);
}

/**
 * Draws the density of every layer of a ticket, as an SVG document. A layer that keeps nothing is marked as collapsed.
 * @throws RangeError if there are no layers, one has no weights, or keeps fewer than 0 or more than it has.
 */
export async function layerPicture(options: LayerPictureOptions, look?: Look): Promise<string> {
  return (await import('./draw-layers.ts')).drawLayers(options, look);
}

/**
 * Draws what methods' tickets reach by several objectives, as an SVG document: a panel an objective, value against
 * density, sparser to the right, a line a method through its means, ± 1 standard deviation shaded; lower is better.
 * @throws RangeError if there is nothing to draw.
 */
export async function objectivePicture(
  options: ObjectivePictureOptions,
  look?: Look,
): Promise<string> {
  return (await import('./draw-objectives.ts')).drawObjectives(options, look);
}

/** Draws one plot under a heading, as an SVG document; as wide as the look unless it says otherwise. */
export async function plotSvg(heading: Heading, plot: LonePlot, look?: Look): Promise<string> {
  return (await import('../svg.ts')).panelSvg(heading, plot, look);
}
