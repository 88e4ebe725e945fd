import { type PrunerDescriptor, definePruner } from '@winnow/plugin-api';
import { iterativeMagnitude } from '@winnow/pruners';
import * as z from 'zod';

/**
 * The density after round n of N: 1 − s (1 − (1 − n/N)³), with s = 1 − κ the sparsity of the end. Zhu and Gupta, "To prune,
 * or not to prune", arXiv 1710.01878, equation (1), from no sparsity at step 0 on: early rounds, of many redundant weights,
 * remove the most.
 */
export function cubicDensity(round: number, rounds: number, density: number): number {
  return 1 - (1 - density) * (1 - (1 - round / rounds) ** 3);
}

/** Magnitude pruning in rounds of training, as the built-in `ltr`, along their cubic schedule. */
export const cubicMagnitude: PrunerDescriptor = definePruner({
  name: 'cubic-magnitude',
  summary: 'train again and again, keep the largest weights, most go early (cubic schedule)',
  options: z.strictObject({
    rounds: z.int().min(1).max(1000).default(8).describe('rounds of training and pruning'),
    roundEpochs: z
      .int()
      .min(1)
      .optional()
      .describe("epochs of each round's training (default: all from the start point to the end)"),
  }),
  searchEpochs: ({ epochsLeft }, { rounds, roundEpochs = epochsLeft }) => rounds * roundEpochs,
  findTicket: (context, { rounds, roundEpochs }) =>
    iterativeMagnitude(context, {
      rounds,
      densityAfter: (round) => cubicDensity(round, rounds, context.density),
      roundEpochs,
    }),
});
