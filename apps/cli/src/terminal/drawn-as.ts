import { extname } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
import { svgToPng } from '@winnow/report';

/** A picture as the name of its file says: SVG, or PNG of 1,200 pixels' width. Throws INVALID_OPTION for other names. */
export async function drawnAs(path: string, svg: string): Promise<string | Uint8Array> {
  if (extname(path) === '.png') return svgToPng(svg, { width: 1200 });
  if (extname(path) === '.svg') return svg;
  throw new WinnowError('INVALID_OPTION', `Cannot draw ${path}.`, {
    hint: 'Give a name that ends in .svg or .png.',
  });
}
