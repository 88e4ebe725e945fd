import { MOST_EPOCHS } from '@winnow/plugin-api';
import * as z from 'zod';

const epochs = z.int().min(1).max(MOST_EPOCHS);

/** What the numbers of a request may be, by their names there; that they go together is seen later. */
export const runNumbers = z.object({
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  epochs,
  rewindEpochs: z.int().min(0).max(MOST_EPOCHS),
  learningRate: z.number().positive(),
  // Normalisation needs two images.
  batchSize: z.int().min(2),
  weightDecay: z.number().min(0),
  fineTuneEpochs: epochs,
  fineTuneLearningRate: z.number().positive(),
  validateEvery: epochs,
});
