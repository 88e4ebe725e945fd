import type { AugmentationDraws, ImageBlock, ImageShape, ImageSource } from '@winnow/plugin-api';
import { type Augmentation, augment } from './augmentation.ts';

export interface ArraySourceOptions {
  /** Row-major [n, height, width, channels]; kept, not copied. */
  readonly pixels: Uint8Array | Float32Array;
  /** [n] */
  readonly labels: Int32Array;
  readonly shape: ImageShape;
  /** Per channel, in the units of `pixels`: an image is read as (pixel − mean) / std. Without it as it is. */
  readonly normalization?: { readonly mean: readonly number[]; readonly std: readonly number[] };
  /** Applied where a read brings draws; without it draws are ignored. */
  readonly augmentation?: Augmentation;
}

/** Images in memory, normalised as they are read. Throws RangeError where `pixels` and `labels` don't agree, or an index is outside. */
export function arraySource(options: ArraySourceOptions): ImageSource {
  const { pixels, labels, shape, normalization, augmentation } = options;
  const { height, width, channels } = shape;
  const imageLength = height * width * channels;
  if (pixels.length !== labels.length * imageLength) {
    throw new RangeError(`${pixels.length} pixel values for ${labels.length} labels.`);
  }

  /** Writes channel `c` of the image at `from`, of which `rows` and `columns` say what each row and column shows. */
  function copyChannel(
    from: number,
    c: number,
    rows: Int32Array,
    columns: Int32Array,
    images: Float32Array,
    to: number,
  ): void {
    const factor = 1 / (normalization?.std[c] ?? 1);
    const offset = -(normalization?.mean[c] ?? 0) * factor;
    for (let y = 0; y < height; y++) {
      const row = from + rows[y]! * width * channels + c;
      for (let x = 0; x < width; x++, to += channels) {
        images[to] = pixels[row + columns[x]! * channels]! * factor + offset;
      }
    }
  }

  function read(indices: ArrayLike<number>, draws?: AugmentationDraws): ImageBlock {
    const images = new Float32Array(indices.length * imageLength);
    const rows = Int32Array.from({ length: height }, (_, y) => y);
    const columns = Int32Array.from({ length: width }, (_, x) => x);
    for (let position = 0; position < indices.length; position++) {
      const index = indices[position]!;
      if (!(index >= 0 && index < labels.length)) {
        throw new RangeError(`No image ${index} among ${labels.length}.`);
      }
      if (augmentation && draws) augment(augmentation, draws(position), rows, columns);
      for (let c = 0; c < channels; c++) {
        copyChannel(index * imageLength, c, rows, columns, images, position * imageLength + c);
      }
    }
    return { images, labels: Int32Array.from(indices, (index) => labels[index]!) };
  }

  return {
    length: labels.length,
    labels,
    read: (indices, draws) => new Promise((resolve) => resolve(read(indices, draws))),
  };
}
