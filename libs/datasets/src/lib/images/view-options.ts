import { type Normalization, WinnowError } from '@winnow/plugin-api';
import * as z from 'zod';
import { sizeOfImage } from './decode-image.ts';
import type { EncodedImages, ImageView } from './encoded-source.ts';
import { blocksOf } from './pixel-sample.ts';

const threeNumbers = z
  .string()
  .regex(/^\s*[\d.]+\s*(,\s*[\d.]+\s*){2}$/, 'give three numbers, such as 0.5,0.5,0.5')
  .optional();

/** How images of any size are shown. */
export const viewOptions = {
  imageSize: z
    .int()
    .min(8)
    .max(1024)
    .optional()
    .describe(
      'side of the images in pixels (default: 224, or their own where they are square, all alike and at most 96)',
    ),
  resize: z
    .int()
    .min(8)
    .max(2048)
    .optional()
    .describe(
      'what the short side is resized to before the middle is taken (default: 8/7 of --image-size; images of that size stay as they are)',
    ),
  augmentation: z
    .enum(['resized-crop', 'shift', 'none'])
    .optional()
    .describe(
      'of training images: a random box resized, and a flip (default); a random shift and a flip (default at their own small size); none',
    ),
  mean: threeNumbers.describe(
    'mean of red, green and blue, from 0 to 1 (default: from a sample of the training images)',
  ),
  std: threeNumbers.describe('standard deviation, as --mean'),
};

/** `viewOptions` as they are checked. */
export type ViewOptions = z.output<z.ZodObject<typeof viewOptions>>;

const DEFAULT_SIZE = 224;
const LARGEST_OWN_SIZE = 96;

/**
 * What `--mean` and `--std` say, in bytes; nothing where neither is given. Throws INVALID_OPTION for one without the other, or
 * numbers that are not of pixels from 0 to 1.
 */
export function givenNormalization({ mean, std }: ViewOptions): Normalization | undefined {
  if (mean === undefined && std === undefined) return undefined;
  if (mean === undefined || std === undefined) {
    throw new WinnowError('INVALID_OPTION', 'Of mean and std only one is given.', {
      hint: 'Give both, or neither.',
    });
  }
  const numbers = (text: string) => text.split(',').map(Number);
  const [means, stds] = [numbers(mean), numbers(std)];
  if (!means.every((m) => m <= 1) || !stds.every((s) => s > 0 && s <= 1)) {
    throw new WinnowError(
      'INVALID_OPTION',
      `Cannot normalise by mean "${mean}" and std "${std}".`,
      { hint: 'Give numbers of pixels from 0 to 1, std above 0; of bytes divide them by 255.' },
    );
  }
  return { mean: means.map((m) => 255 * m), std: stds.map((s) => 255 * s) };
}

/** The side that most of these images share as squares, and how many do not. Those without a header are left to whoever decodes them. */
async function sideOf(
  { encoded }: EncodedImages,
  sample: readonly number[],
): Promise<{ readonly side: number | undefined; readonly others: number; readonly all: number }> {
  const counts = new Map<number | undefined, number>();
  for (const block of blocksOf(sample)) {
    const sides = await Promise.all(
      block.map(async (index) => {
        try {
          const { width, height } = await sizeOfImage(await encoded(index));
          return [width === height ? width : undefined];
        } catch {
          return [];
        }
      }),
    );
    for (const side of sides.flat()) counts.set(side, (counts.get(side) ?? 0) + 1);
  }
  const [side, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [undefined, 0]);
  const all = [...counts.values()].reduce((sum, n) => sum + n, 0);
  return { side, others: all - count, all };
}

/** What the short side is resized to: 8/7 of the size by default. Throws INVALID_OPTION for less than the size. */
export function resizeFor(size: number, resize = Math.round((size * 8) / 7)): number {
  if (resize >= size) return resize;
  throw new WinnowError(
    'INVALID_OPTION',
    `The short side is resized to ${resize}, less than the image size ${size}.`,
    { hint: 'Raise --resize or lower --image-size.' },
  );
}

/** The view that options ask for, of images of which some are looked at; a note where a few of other sizes decide it. */
export async function viewOf(
  images: EncodedImages,
  sample: readonly number[],
  { imageSize, resize, augmentation }: ViewOptions,
): Promise<{
  readonly view: Omit<ImageView, 'normalization'>;
  readonly notes: readonly string[];
}> {
  const { side, others, all } = await sideOf(images, sample);
  const own = others === 0 ? side : undefined;
  const size = imageSize ?? (own !== undefined && own <= LARGEST_OWN_SIZE ? own : DEFAULT_SIZE);
  const asTheyAre = own === size;
  const isOverruled =
    imageSize === undefined &&
    others > 0 &&
    2 * others < all &&
    side !== undefined &&
    side <= LARGEST_OWN_SIZE;
  return {
    view: {
      size,
      resize: resizeFor(size, resize ?? (asTheyAre ? size : undefined)),
      augmentation:
        augmentation ?? (asTheyAre && size <= LARGEST_OWN_SIZE ? 'shift' : 'resized-crop'),
    },
    notes: isOverruled
      ? [
          `${others} of ${all} images looked at ${others === 1 ? 'is' : 'are'} not ${side} × ${side} pixels as the others, so all are shown at ${size} × ${size}; --image-size ${side} --resize ${side} --augmentation shift shows all as if they were.`,
        ]
      : [],
  };
}
