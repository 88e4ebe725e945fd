import { augment, inPlace, writeImage } from '@winnow/data';
import type { AugmentationDraws, ImageBlock, ImageSource, Normalization } from '@winnow/plugin-api';
import { decodeBox, decodeCentre, sizeOfImage } from './decode-image.ts';
import type { EncodedImage } from './inspect-image.ts';
import { KeptPixels } from './kept-pixels.ts';
import { randomCrop } from './random-crop.ts';
import { isBeyondLimits, undecodable } from './undecodable.ts';

/** JPEG and PNG images, decoded when they are read. */
export interface EncodedImages {
  /** [n] */
  readonly labels: Int32Array;
  encoded: (index: number) => EncodedImage | Promise<EncodedImage>;
  /** For errors. */
  nameOf: (index: number) => string;
}

export interface ImageView {
  /** Side of the images in pixels. */
  readonly size: number;
  /** What the short side is resized to before the middle is taken. */
  readonly resize: number;
  /**
   * For training: a random box resized, and a random flip; a random shift by an eighth of the side into reflected borders,
   * and a random flip; or neither.
   */
  readonly augmentation: 'resized-crop' | 'shift' | 'none';
  readonly normalization: Normalization;
}

const CHANNELS = 3;

function hintFor(cause: unknown): string {
  const mend = isBeyondLimits(cause) ? 'Shrink it' : 'Restore it';
  return `${mend}, then run the same command again, or begin another run without it; \`winnow data verify\` finds all such images.`;
}

/**
 * Images [size, size, 3] that are decoded when they are read; it keeps what it may read again, see `KeptPixels`. A read throws
 * BAD_IMAGE, which names the image, where one cannot be decoded, BAD_DATA where it is larger than what is read, and RangeError
 * for an index outside.
 */
export function encodedSource(images: EncodedImages, view: ImageView): ImageSource {
  const { labels } = images;
  const { size, augmentation, normalization } = view;
  const shape = { height: size, width: size, channels: CHANNELS };
  const imageLength = size * size * CHANNELS;
  const boxed = augmentation === 'resized-crop';
  // Once an image's size is known it is decoded in one job, which runs on while the main thread computes.
  const sizes = new Uint32Array(boxed ? 2 * labels.length : 0);

  const centres = new KeptPixels(labels.length, imageLength);

  async function boxOf(encoded: EncodedImage, index: number, draws: Float32Array) {
    if (sizes[2 * index] === 0) {
      const { width, height } = await sizeOfImage(encoded);
      sizes.set([width, height], 2 * index);
    }
    return randomCrop({ width: sizes[2 * index]!, height: sizes[2 * index + 1]! }, draws);
  }

  async function decode(index: number, draws: Float32Array | undefined): Promise<Uint8Array> {
    try {
      if (!(boxed && draws))
        return await centres.of(index, async () => decodeCentre(await images.encoded(index), view));
      const encoded = await images.encoded(index);
      return await decodeBox(encoded, await boxOf(encoded, index, draws), size);
    } catch (cause) {
      throw undecodable(images.nameOf(index), cause, hintFor(cause));
    }
  }

  function place(draws: Float32Array | undefined) {
    const placement = inPlace(shape);
    if (draws && augmentation !== 'none') {
      const padding = boxed ? 0 : Math.floor(size / 8);
      augment({ padding, flip: true }, draws, placement.rows, placement.columns);
    }
    return placement;
  }

  async function read(indices: ArrayLike<number>, draws?: AugmentationDraws): Promise<ImageBlock> {
    const block = new Float32Array(indices.length * imageLength);
    const outside = Array.from(indices).find((index) => !(index >= 0 && index < labels.length));
    if (outside !== undefined) throw new RangeError(`No image ${outside} among ${labels.length}.`);
    await Promise.all(
      Array.from(indices, async (index, position) => {
        const own = draws?.(position);
        const pixels = await decode(index, own);
        writeImage(shape, place(own), normalization, pixels, 0, block, position * imageLength);
      }),
    );
    return { images: block, labels: Int32Array.from(indices, (index) => labels[index]!) };
  }

  return { length: labels.length, labels, read };
}
