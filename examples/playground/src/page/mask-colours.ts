import type { MaskColours, Pixel } from './paint-layer.ts';

type Rgb = readonly [red: number, green: number, blue: number];

const pixelOf = ([red, green, blue]: Rgb): Pixel =>
  ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;

const mixed = (one: Rgb, other: Rgb, share: number): Rgb => [
  one[0] + share * (other[0] - one[0]),
  one[1] + share * (other[1] - one[1]),
  one[2] + share * (other[2] - one[2]),
];

const rgbOf = (hex: string): Rgb => [
  parseInt(hex.slice(1, 3), 16),
  parseInt(hex.slice(3, 5), 16),
  parseInt(hex.slice(5, 7), 16),
];

/** Of the lightest and the strongest tint, how much is colour and how much is ground. */
const [FAINTEST, STRONGEST] = [0.1, 0.75];

/** What masks are painted in, from the colours of the page's theme as it is now. */
export function maskColours(): MaskColours {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => rgbOf(style.getPropertyValue(name).trim());
  const [ground, tint] = [colour('--card'), colour('--series-1')];
  const tints = Array.from({ length: 256 }, (_, i) =>
    pixelOf(mixed(ground, tint, FAINTEST + (STRONGEST - FAINTEST) * (i / 255))),
  );
  return { tints, leading: pixelOf(colour('--series-2')), dead: pixelOf(colour('--page')) };
}
