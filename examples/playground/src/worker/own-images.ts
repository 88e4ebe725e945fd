import { arraySource, fileOrder, holdOut, subset } from '@winnow/data';
import { WinnowError } from '@winnow/plugin-api';
import { LEARNING_RATE } from '../plan.ts';
import type { Images } from './images.ts';
import type { OwnImage } from './search-api.ts';

/** Height and width that images are shrunk to: what a browser trains on in seconds. */
const SIDE = 16;
const CHANNELS = 3;
const FEWEST = 40;
const MOST = 5000;
/** Every so-many-th image is for testing. */
const TEST_EVERY = 5;

/** Shrinks images to 16 × 16 pixels, one after another, into `pixels`. */
async function shrink(images: readonly OwnImage[], pixels: Uint8Array): Promise<void> {
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingQuality = 'high';
  context.fillStyle = 'white';
  for (const [i, { file }] of images.entries()) {
    const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
      throw new WinnowError('BAD_IMAGE', `${file.name} is no image that this browser reads.`, {
        hint: 'Leave it out, or save it as PNG or JPEG.',
        cause,
      });
    });
    // What is transparent is white.
    context.fillRect(0, 0, SIDE, SIDE);
    context.drawImage(bitmap, 0, 0, SIDE, SIDE);
    bitmap.close();
    const { data } = context.getImageData(0, 0, SIDE, SIDE);
    for (let at = 0; at < SIDE * SIDE; at++)
      pixels.set(data.subarray(4 * at, 4 * at + CHANNELS), (i * SIDE * SIDE + at) * CHANNELS);
  }
}

/** By channel, over the images that are trained on. */
function normalizationOf(pixels: Uint8Array, isTrained: (image: number) => boolean) {
  const size = SIDE * SIDE * CHANNELS;
  const sums = Array.from({ length: CHANNELS }, () => ({ count: 0, sum: 0, squares: 0 }));
  for (let at = 0; at < pixels.length; at++) {
    if (!isTrained(Math.floor(at / size))) continue;
    const own = sums[at % CHANNELS]!;
    own.count++;
    own.sum += pixels[at]!;
    own.squares += pixels[at]! ** 2;
  }
  const mean = sums.map(({ count, sum }) => sum / count);
  const std = sums.map(({ count, squares }, c) =>
    Math.max(1, Math.sqrt(squares / count - mean[c]! ** 2)),
  );
  return { mean, std };
}

/**
 * Images of the visitor's as a data set [16, 16, 3]: a fifth is for testing, a tenth of the others for validation. Throws
 * BAD_IMAGE, and BAD_DATA where there is one class alone, or too few or too many images.
 */
export async function openOwnImages(given: readonly OwnImage[]): Promise<Images> {
  const classNames = [...new Set(given.map(({ label }) => label))].sort();
  if (classNames.length < 2) {
    throw new WinnowError('BAD_DATA', 'These images are all of one kind.', {
      hint: 'Give a folder with a folder of images for each kind, or files named by kind: cat-1.png, dog-1.png.',
    });
  }
  if (given.length < FEWEST || given.length > MOST) {
    throw new WinnowError('BAD_DATA', `There are ${given.length.toLocaleString('en')} images.`, {
      hint: `Give ${FEWEST} to ${MOST.toLocaleString('en')}; for more there is the command line.`,
    });
  }
  const byLabel = classNames.map((name) => given.filter(({ label }) => label === name));
  const images = byLabel.flat();
  const labels = Int32Array.from(byLabel.flatMap((own, label) => own.map(() => label)));
  const pixels = new Uint8Array(images.length * SIDE * SIDE * CHANNELS);
  await shrink(images, pixels);
  const isTrained = (image: number) => image % TEST_EVERY !== 0;
  const shape = { height: SIDE, width: SIDE, channels: CHANNELS };
  const normalization = normalizationOf(pixels, isTrained);
  const source = arraySource({ pixels, labels, shape, normalization });
  const order = fileOrder(source.length);
  return {
    name: 'own images',
    input: shape,
    classes: classNames.length,
    classNames,
    normalization,
    brightest: 255,
    ...holdOut(subset(source, order.filter(isTrained)), 'The folder'),
    test: subset(
      source,
      order.filter((i) => !isTrained(i)),
    ),
    // As the digits' own.
    recipe: {
      ...{ learningRate: LEARNING_RATE, epochs: 40, dropEpochs: [20, 30], warmupEpochs: 0 },
      ...{ weightDecay: 1e-3, batchSize: 32 },
    },
  };
}
