import { extname } from 'node:path';
import { writeWhole } from '@winnow/files/disk';
import { WinnowError } from '@winnow/plugin-api';
import {
  FIGURE_FORMATS,
  type Figure,
  type FigureFormat,
  type FigureLayout,
  figureCsv,
  paintFigure,
} from '@winnow/report/figures';
import { figureCaption } from './figure-caption.ts';
import type { FigureStyle } from './figure-style.ts';

export interface FigureFiles {
  /** A .pdf, .svg or .png. */
  readonly out: string;
  readonly columns: 1 | 2;
  readonly title?: string | undefined;
  readonly style?: FigureStyle | undefined;
}

/** By the end of a file's name. Throws INVALID_OPTION. */
export function figureFormat(path: string): FigureFormat {
  const end = extname(path).slice(1).toLowerCase();
  const format = FIGURE_FORMATS.find((known) => known === end);
  if (format) return format;
  throw new WinnowError('INVALID_OPTION', `${path} does not say what figure to write.`, {
    hint: `End its name with ${FIGURE_FORMATS.map((one) => `.${one}`).join(', ')}.`,
  });
}

export interface WrittenFigure {
  readonly path: string;
  /** Of its numbers. */
  readonly table: string;
  readonly caption: string;
}

/** Writes a figure, and what it draws as CSV beside it. Throws INVALID_OPTION, BAD_STYLE, FILE_NOT_WRITABLE. */
export async function writeFigure(
  figure: Figure,
  { out, columns, title, style }: FigureFiles,
): Promise<WrittenFigure> {
  const format = figureFormat(out);
  const layout: FigureLayout = {
    columns,
    title,
    fontSizePt: style?.fontSize,
    panelsPerRow: style?.panelsPerRow,
    panelHeightMm: style?.panelHeight,
    interval: style?.interval,
  };
  const painted = await paintFigure(figure, layout, format);
  const table = `${out.slice(0, -extname(out).length)}.csv`;
  await writeWhole(out, painted);
  await writeWhole(table, figureCsv(figure));
  return { path: out, table, caption: figureCaption(figure, style?.interval ?? 'bars') };
}
