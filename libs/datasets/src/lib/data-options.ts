import { firstImages } from '@winnow/data';
import { type ImageSource, WinnowError } from '@winnow/plugin-api';
import * as z from 'zod';

/** Options that several data sets have: one description, since the command line shows them once. */
export const dataDir = z
  .string('give the folder that holds the data')
  .min(1)
  .describe('folder of the data set, or the one around it (docs/data.md)');

export const trainImages = z
  .int()
  .min(1)
  .optional()
  .describe('train on this many images only, the first of every class');

/** The training images that `--train-images` asks for. Throws INVALID_OPTION where there are fewer. */
export function limitTraining(train: ImageSource, count: number | undefined): ImageSource {
  if (count === undefined) return train;
  if (count > train.length) {
    throw new WinnowError(
      'INVALID_OPTION',
      `--train-images asks for ${count} images where there are ${train.length} to train on.`,
      { hint: 'Ask for fewer, or leave it out.' },
    );
  }
  return firstImages(train, count);
}
