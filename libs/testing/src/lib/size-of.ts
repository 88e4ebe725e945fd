/** How many numbers a tensor of this shape holds. */
export const sizeOf = (shape: readonly number[]) =>
  shape.reduce((product, extent) => product * extent, 1);
