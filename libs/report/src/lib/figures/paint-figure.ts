import { svgToPng } from '../png.ts';
import type { Figure, FigureLayout } from './figure.ts';
import { figureSvg } from './figure-svg.ts';

export const FIGURE_FORMATS = ['pdf', 'svg', 'png'] as const;
export type FigureFormat = (typeof FIGURE_FORMATS)[number];

const DOTS_PER_POINT = 600 / 72;

/**
 * Draws a figure as a file: the same bytes each time. PNG has 600 dots an inch. Throws BAD_STYLE where the font lacks a
 * character.
 * @throws RangeError if it has no panel, or draws a series without a look.
 */
export async function paintFigure(
  figure: Figure,
  layout: FigureLayout,
  format: FigureFormat,
): Promise<Uint8Array | string> {
  const { FigureFont } = await import('./figure-font.ts');
  const { drawFigure } = await import('./draw-figure.ts');
  const font = new FigureFont();
  const drawn = drawFigure(figure, layout, font);
  if (format === 'pdf') return (await import('./figure-pdf.ts')).figurePdf(drawn, font);
  const svg = figureSvg(drawn, font);
  return format === 'svg'
    ? svg
    : svgToPng(svg, { width: Math.round(drawn.widthPt * DOTS_PER_POINT) });
}
