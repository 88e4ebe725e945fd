import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';

const { resolve } = createRequire(import.meta.url);

/**
 * Paints an SVG document in the font that comes with this library, whatever fonts the machine has.
 * `width` is in pixels; the height follows.
 * @throws Error if `svg` is not well-formed.
 */
export function svgToPng(svg: string, { width }: { readonly width: number }): Uint8Array {
  const painter = new Resvg(svg, {
    fitTo: { mode: 'width', value: width },
    font: {
      loadSystemFonts: false,
      fontFiles: ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) =>
        resolve(`dejavu-fonts-ttf/ttf/${name}`),
      ),
      defaultFontFamily: 'DejaVu Sans',
    },
  });
  return painter.render().asPng();
}
