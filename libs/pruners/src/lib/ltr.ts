import { MOST_EPOCHS, definePruner } from '@winnow/plugin-api';
import * as z from 'zod';
import { iterativeMagnitude } from './iterative-magnitude.ts';

const options = z.strictObject({
  rate: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.8)
    .describe('fraction of the remaining weights that each round keeps'),
  roundEpochs: z
    .number()
    .int()
    .min(1)
    .max(MOST_EPOCHS)
    .optional()
    .describe("epochs of each round's training (default: all from the start point to the end)"),
});

/** As near as densities that are written down with a few digits. */
const isNear = (a: number, b: number) => Math.abs(a - b) < 1e-4 * b;

/** n such that rate^n first reaches κ; 0.107374 for 0.8^10 must take 10 rounds, though it is a little less. */
function roundsTo(density: number, rate: number): number {
  const rounds = Math.log(density) / Math.log(rate);
  const nearest = Math.max(1, Math.round(rounds));
  return isNear(rate ** nearest, density) ? nearest : Math.max(1, Math.ceil(rounds));
}

/**
 * Lottery ticket rewinding (Frankle et al., arXiv 1912.05671): train, keep the largest of the remaining weights, put them
 * back to the start point, and again. From initialisation it is iterative magnitude pruning.
 */
export const ltr = definePruner({
  name: 'ltr',
  summary: 'lottery ticket rewinding: train to the end again and again, keep the largest weights',
  options,
  searchEpochs: ({ density, epochsLeft }, { rate, roundEpochs = epochsLeft }) =>
    roundsTo(density, rate) * roundEpochs,
  roundAt(density, { rate }) {
    const rounds = roundsTo(density, rate);
    // The ticket of a single round has the scores that it was made of, which no longer search keeps.
    return rounds > 1 && isNear(rate ** rounds, density) ? { at: rounds, rounds } : undefined;
  },
  findTicket: (context, { rate, roundEpochs }) =>
    iterativeMagnitude(context, {
      rounds: roundsTo(context.density, rate),
      densityAfter: (round) => rate ** round,
      roundEpochs,
    }),
});
