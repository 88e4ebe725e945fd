import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const FONTS = [
  require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
];

/**
 * Paints an SVG document in the font that comes with this library, whatever fonts the machine has.
 * `width` is in pixels; the height follows.
 * @throws Error if `svg` is not well-formed.
 */
export async function svgToPng(
  svg: string,
  { width }: { readonly width: number },
): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  const font = { loadSystemFonts: false, fontFiles: FONTS, defaultFontFamily: 'DejaVu Sans' };
  return new Resvg(svg, { fitTo: { mode: 'width', value: width }, font }).render().asPng();
}
