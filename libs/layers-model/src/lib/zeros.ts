import type { Sides } from '@winnow/plugin-api';
import type { Translation, Value } from './translation.ts';

export const NO_ZEROS: Sides = { top: 0, bottom: 0, left: 0, right: 0 };

export const sumOfSides = (a: Sides, b: Sides): Sides => ({
  top: a.top + b.top,
  bottom: a.bottom + b.bottom,
  left: a.left + b.left,
  right: a.right + b.right,
});

/** The shape of a value with the zeros that are to come. */
export function paddedShape({ shape, zeros = NO_ZEROS }: Value): readonly number[] {
  if (shape.length !== 3) return shape;
  const [height, width, channels] = shape as [number, number, number];
  return [height + zeros.top + zeros.bottom, width + zeros.left + zeros.right, channels];
}

/** A value with its zeros around it. */
export function padded(translation: Translation, x: Value): Value {
  const { zeros } = x;
  if (!zeros) return x;
  const { neverNegative = false } = x;
  return translation.add((layers, values) => layers.pad(values[x.at]!, zeros), {
    shape: paddedShape(x),
    neverNegative,
  });
}
