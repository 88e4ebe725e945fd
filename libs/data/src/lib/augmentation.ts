/** A random horizontal flip, then a random crop of the image's own size out of the image with reflected borders. */
export interface Augmentation {
  /** Width in pixels of the border; it reflects without repeating the edge, so it is less than either side. */
  readonly padding: number;
  readonly flip: boolean;
}

function crop(places: Int32Array, padding: number, uniform: number): void {
  const last = places.length - 1;
  const shift = Math.floor(uniform * (2 * padding + 1)) - padding;
  for (let i = 0; i <= last; i++) {
    const place = Math.abs(i + shift);
    places[i] = place > last ? 2 * last - place : place;
  }
}

/**
 * Writes into `rows` [height] and `columns` [width] which row and column of the image each one of the
 * augmented image shows. Takes three of `uniforms`: flip, vertical and horizontal shift.
 */
export function augment(
  { padding, flip }: Augmentation,
  uniforms: Float32Array,
  rows: Int32Array,
  columns: Int32Array,
): void {
  const [side = 0, vertical = 0, horizontal = 0] = uniforms;
  crop(rows, padding, vertical);
  crop(columns, padding, horizontal);
  if (!flip || side >= 0.5) return;
  const last = columns.length - 1;
  for (let x = 0; x <= last; x++) columns[x] = last - columns[x]!;
}
