import type sharpModule from 'sharp';
import type { Sharp, SharpOptions } from 'sharp';
import { atMost } from './at-most.ts';
import { type EncodedImage, MOST_PIXELS, inspected, tooLarge } from './inspect-image.ts';
import type { Box, Size } from './random-crop.ts';

/** How images are shown when nothing is drawn: the short side resized to `resize`, of which the middle `size` × `size` stays. */
export interface CentreView {
  readonly size: number;
  readonly resize: number;
}

// One thread an image: images are many and small. No cache: it would hold files that were mended since.
let loading: Promise<typeof sharpModule> | undefined;
function loadSharp() {
  loading ??= import('sharp').then(({ default: sharp }) => {
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  });
  return loading;
}

/**
 * Upright by its EXIF orientation. Colour profiles are ignored, as in torchvision. What decodes only with errors is
 * refused; a mere warning, such as a few bytes too many at the end, is not.
 */
const READING: SharpOptions = {
  autoOrient: true,
  ignoreIcc: true,
  failOn: 'error',
  limitInputPixels: MOST_PIXELS,
};

/** Grey becomes RGB, CMYK is converted, 16 bits become 8, transparency is dropped: always RGB bytes [height, width, 3]. */
const rgb = (image: Sharp) =>
  image.removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });

/** PIL's antialiased "bilinear" is the same kernel. */
const KERNEL = { kernel: 'linear', fastShrinkOnLoad: false } as const;

/** What sharp says, which has no code. */
const BEYOND_PIXELS = /exceeds pixel limit/;

/** Whole batches are asked for at once, and each image is an open file for a while. Enough to keep all threads busy. */
const few = atMost(64);

/** Gives `work` an image that was looked at, and a decoder. Throws LimitReached where it has too many pixels. */
async function withDecoder<T>(
  image: EncodedImage,
  work: (sharp: typeof sharpModule, image: EncodedImage) => Promise<T>,
): Promise<T> {
  const sharp = await loadSharp();
  return few(async () => {
    const looked = await inspected(image);
    try {
      return await work(sharp, looked);
    } catch (error) {
      throw BEYOND_PIXELS.test((error as Error).message) ? tooLarge() : error;
    }
  });
}

/** The size of an upright image, from its header. Throws where it has none, and LimitReached. */
export function sizeOfImage(image: EncodedImage): Promise<Size> {
  return withDecoder(
    image,
    async (sharp, looked) => (await sharp(looked, READING).metadata()).autoOrient,
  );
}

/**
 * The RGB bytes of what `show` makes of an image. Resizing multiplies colours by their alpha and so blackens what is transparent:
 * where it did, it is done again on the image without alpha, since few images have one.
 */
function shown(image: EncodedImage, show: (image: Sharp) => Sharp): Promise<Uint8Array> {
  return withDecoder(image, async (sharp, looked) => {
    const { data, info } = await rgb(show(sharp(looked, READING)));
    if (!info.premultiplied) return data;
    const opaque = await rgb(sharp(looked, READING));
    return (await rgb(show(sharp(opaque.data, { raw: opaque.info })))).data;
  });
}

/** All of an image, RGB bytes [height, width, 3]. Throws where it cannot be decoded, and LimitReached. */
export function decodeWhole(image: EncodedImage): Promise<Uint8Array> {
  return shown(image, (whole) => whole);
}

/** The middle of an image, RGB bytes [size, size, 3]. Throws where it cannot be decoded, and LimitReached. */
export function decodeCentre(
  image: EncodedImage,
  { size, resize }: CentreView,
): Promise<Uint8Array> {
  const margin = Math.floor((resize - size) / 2);
  const middle = { left: margin, top: margin, width: size, height: size };
  return shown(image, (whole) => {
    const resized = whole.resize(resize, resize, { ...KERNEL, fit: 'cover' });
    return resize === size ? resized : resized.extract(middle);
  });
}

/** A box of an image, resized to RGB bytes [size, size, 3]. Throws where it cannot be decoded, and LimitReached. */
export function decodeBox(image: EncodedImage, box: Box, size: number): Promise<Uint8Array> {
  return shown(image, (whole) => whole.extract(box).resize(size, size, { ...KERNEL, fit: 'fill' }));
}
