import type { Box, Size } from './random-crop.ts';

/** How images are shown when nothing is drawn: the short side resized to `resize`, of which the middle `size` × `size` stays. */
export interface CentreView {
  readonly size: number;
  readonly resize: number;
}

/** Python's `round(n / 2)`, which takes halves to the even number. */
function halfToEven(n: number): number {
  const low = Math.floor(n / 2);
  return n % 2 === 1 && low % 2 === 1 ? low + 1 : low;
}

/**
 * What an image is resized to, and the box of it that stays: torchvision's `Resize(resize)`, which cuts the long side's
 * fraction off, and `CenterCrop(size)`.
 */
export function centreOf(
  { width, height }: Size,
  { size, resize }: CentreView,
): { resized: Size; middle: Box } {
  const short = Math.min(width, height);
  const side = (length: number) => Math.floor((resize * length) / short);
  const resized = { width: side(width), height: side(height) };
  const [left, top] = [resized.width, resized.height].map((length) => halfToEven(length - size));
  return { resized, middle: { left: left!, top: top!, width: size, height: size } };
}
