import type {
  AugmentationDraws,
  ImageBlock,
  ImageShape,
  ImageSource,
  Normalization,
} from '@winnow/plugin-api';
import { type Augmentation, augment } from './augmentation.ts';
import { inPlace, writeImage } from './write-image.ts';

export interface ArraySourceOptions {
  /** Row-major [n, height, width, channels]; kept, not copied. */
  readonly pixels: Uint8Array | Float32Array;
  /** [n] */
  readonly labels: Int32Array;
  readonly shape: ImageShape;
  /** In the units of `pixels`. Without it an image is read as it is. */
  readonly normalization?: Normalization;
  /** Applied where a read brings draws; without it draws are ignored. */
  readonly augmentation?: Augmentation;
}

/** Throws RangeError where they do not fit images of this shape. */
function assertFit({ shape, normalization, augmentation }: ArraySourceOptions): void {
  const { height, width, channels } = shape;
  if (normalization) {
    const { mean, std } = normalization;
    if (mean.length !== channels || std.length !== channels) {
      throw new RangeError(
        `A mean of ${mean.length} and a deviation of ${std.length} channels for images of ${channels}.`,
      );
    }
    const wrong = std.find((deviation) => !(deviation > 0));
    if (wrong !== undefined)
      throw new RangeError(`A channel's deviation is ${wrong}, not above 0.`);
  }
  if (!augmentation) return;
  const { padding } = augmentation;
  if (Number.isInteger(padding) && padding >= 0 && padding < Math.min(height, width)) return;
  throw new RangeError(
    `A padding of ${padding} for images of height ${height} and width ${width}.`,
  );
}

/**
 * Images in memory, normalised as they are read. Throws RangeError where `pixels` and `labels` don't agree, normalisation or
 * augmentation don't fit the shape, or an index is outside.
 */
export function arraySource(options: ArraySourceOptions): ImageSource {
  const { pixels, labels, shape, normalization, augmentation } = options;
  const imageLength = shape.height * shape.width * shape.channels;
  if (pixels.length !== labels.length * imageLength) {
    const { height, width, channels } = shape;
    throw new RangeError(
      `${pixels.length} pixel values for ${labels.length} labels, and images of height ${height}, width ${width} and ${channels} channels.`,
    );
  }
  assertFit(options);

  function read(indices: ArrayLike<number>, draws?: AugmentationDraws): ImageBlock {
    const images = new Float32Array(indices.length * imageLength);
    const placement = inPlace(shape);
    for (let position = 0; position < indices.length; position++) {
      const index = indices[position]!;
      if (!(Number.isInteger(index) && index >= 0 && index < labels.length)) {
        throw new RangeError(`No image ${index} among ${labels.length}.`);
      }
      if (augmentation && draws) {
        augment(augmentation, draws(position), placement.rows, placement.columns);
      }
      const from = index * imageLength;
      writeImage(shape, placement, normalization, pixels, from, images, position * imageLength);
    }
    return { images, labels: Int32Array.from(indices, (index) => labels[index]!) };
  }

  return {
    length: labels.length,
    labels,
    read: (indices, draws) => new Promise((resolve) => resolve(read(indices, draws))),
  };
}
