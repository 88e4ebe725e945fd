import type { Sides } from '@winnow/plugin-api';

type Pair = [before: number, after: number];

/** Of images [n, height, width, channels], written out: with a number TensorFlow.js takes a kernel's height for its width. */
export function paddings(padding: number | Sides): [Pair, Pair, Pair, Pair] {
  const { top, bottom, left, right } =
    typeof padding === 'number'
      ? { top: padding, bottom: padding, left: padding, right: padding }
      : padding;
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}
