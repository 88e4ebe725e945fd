import type sharpModule from 'sharp';
import type { Sharp, SharpOptions } from 'sharp';
import { atMost } from './at-most.ts';
import { type CentreView, centreOf } from './centre-view.ts';
import { fromCmyk } from './cmyk.ts';
import { type EncodedImage, MOST_PIXELS, inspected, tooLarge } from './inspect-image.ts';
import type { Box, Size } from './random-crop.ts';

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

/** Grey becomes RGB, 16 bits become 8, transparency is dropped: always RGB bytes [height, width, 3]. */
const rgb = (image: Sharp) =>
  image.removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });

/** All of a CMYK image as Pillow's `convert('RGB')` has it, since libvips would go by a printer's profile. */
async function rgbOfCmyk(image: Sharp) {
  const { data, info } = await image
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: fromCmyk(data), info: { ...info, channels: 3 as const } };
}

/** PIL's antialiased "bilinear" is the same kernel. */
const KERNEL = { kernel: 'linear', fastShrinkOnLoad: false } as const;

/** What sharp says, which has no code. */
const BEYOND_PIXELS = /exceeds pixel limit/;

/** Whole batches are asked for at once, and each image is an open file for a while. Enough to keep all threads busy. */
const few = atMost(64);

/** Images that are decoded whole before they are cut lie in memory meanwhile: as many as libuv has threads. */
const wholly = atMost(4);

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

/** The RGB bytes of what `show` makes of an upright image. */
function shown(
  image: EncodedImage,
  show: (image: Sharp, size: Size) => Sharp,
): Promise<Uint8Array> {
  return withDecoder(image, async (sharp, looked) => {
    const read = () => sharp(looked, READING);
    const { space, hasAlpha, autoOrient } = await read().metadata();
    const shownUpright = (raw: Sharp) => show(raw, autoOrient);
    if (space !== 'cmyk' && !hasAlpha) return (await rgb(shownUpright(read()))).data;
    // Resizing would multiply colours by their alpha, and so blacken what is transparent.
    return wholly(async () => {
      const { data, info } = await (space === 'cmyk' ? rgbOfCmyk : rgb)(read());
      return (await rgb(shownUpright(sharp(data, { raw: info })))).data;
    });
  });
}

/** All of an image, RGB bytes [height, width, 3]. Throws where it cannot be decoded, and LimitReached. */
export function decodeWhole(image: EncodedImage): Promise<Uint8Array> {
  return shown(image, (whole) => whole);
}

/** The middle of an image, RGB bytes [size, size, 3]. Throws where it cannot be decoded, and LimitReached. */
export function decodeCentre(image: EncodedImage, view: CentreView): Promise<Uint8Array> {
  return shown(image, (whole, size) => {
    const { resized, middle } = centreOf(size, view);
    return whole.resize(resized.width, resized.height, { ...KERNEL, fit: 'fill' }).extract(middle);
  });
}

/** A box of an image, resized to RGB bytes [size, size, 3]. Throws where it cannot be decoded, and LimitReached. */
export function decodeBox(image: EncodedImage, box: Box, size: number): Promise<Uint8Array> {
  return shown(image, (whole) => whole.extract(box).resize(size, size, { ...KERNEL, fit: 'fill' }));
}
