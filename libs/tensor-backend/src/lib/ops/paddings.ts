import type { Sides } from '@winnow/plugin-api';

type Pair = [before: number, after: number];

/** Padding in pixels a side, of one number for all sides. */
export function sidesOf(padding: number | Sides): Sides {
  if (typeof padding !== 'number') return padding;
  return { top: padding, bottom: padding, left: padding, right: padding };
}

/** Of images [n, height, width, channels], written out: with a number TensorFlow.js takes a kernel's height for its width. */
export function paddings(padding: number | Sides): [Pair, Pair, Pair, Pair] {
  const { top, bottom, left, right } = sidesOf(padding);
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}
