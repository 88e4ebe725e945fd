import type { ImageShape, Normalization } from '@winnow/plugin-api';

/** What row and column of an image each row [height] and column [width] of what is written shows. */
export interface Placement {
  readonly rows: Int32Array;
  readonly columns: Int32Array;
}

/** Shows the image as it is. */
export function inPlace({ height, width }: ImageShape): Placement {
  return {
    rows: Int32Array.from({ length: height }, (_, y) => y),
    columns: Int32Array.from({ length: width }, (_, x) => x),
  };
}

/** Writes the image [height, width, channels] that begins at `from` of `pixels`, normalised, to `images` from `to` on. */
export function writeImage(
  { height, width, channels }: ImageShape,
  { rows, columns }: Placement,
  normalization: Normalization | undefined,
  pixels: Uint8Array | Float32Array,
  from: number,
  images: Float32Array,
  to: number,
): void {
  for (let c = 0; c < channels; c++) {
    const factor = 1 / (normalization?.std[c] ?? 1);
    const offset = -(normalization?.mean[c] ?? 0) * factor;
    let at = to + c;
    for (let y = 0; y < height; y++) {
      const row = from + rows[y]! * width * channels + c;
      for (let x = 0; x < width; x++, at += channels) {
        images[at] = pixels[row + columns[x]! * channels]! * factor + offset;
      }
    }
  }
}
