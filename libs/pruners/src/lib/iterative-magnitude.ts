import * as tf from '@tensorflow/tfjs-core';
import { Packing } from '@winnow/models';
import type { LayerMask, PrunerContext, TicketData } from '@winnow/plugin-api';
import { pruneByRounds } from './scoring/prune-by-rounds.ts';

export interface MagnitudeRounds {
  /** How often is trained and pruned, 1 or more. */
  readonly rounds: number;
  /** The part of all weights that round n of them keeps, n from 0, the dense network, to `rounds` − 1; the last keeps κ. */
  readonly densityAfter: (round: number) => number;
  /** Of each round's training; all from the start point to the end when left out. */
  readonly roundEpochs?: number | undefined;
}

function layersOf(prunable: Packing, mask: Float32Array): Map<string, LayerMask> {
  return new Map(
    [...prunable.views(mask)].map(([name, { shape, data }]) => [
      name,
      { shape, kept: Uint8Array.from(data) },
    ]),
  );
}

/**
 * Iterative magnitude pruning (Frankle and Carbin, arXiv 1803.03635): each round trains from the start point under what is
 * left, and keeps the largest trained weights of it, as many as the schedule says. Every round's ticket is kept by
 * `context.keepRound`, and a search that was stopped goes on within its round. Throws what training does.
 */
export async function iterativeMagnitude(
  context: PrunerContext,
  { rounds, densityAfter, roundEpochs }: MagnitudeRounds,
): Promise<TicketData> {
  const { network, density, checkpoints } = context;
  const prunable = Packing.prunable(network);
  const saved = await checkpoints.load();
  const { ticket } = await pruneByRounds({
    keep: 'largest',
    prunable,
    density,
    rounds,
    densityAfter,
    keepLargest: (ranks, between) => context.keepLargest(ranks, { density: between }),
    from: saved && { mask: saved.arrays['mask']!, round: saved.values['round'] as number },
    async score(mask, round) {
      const layers = layersOf(prunable, mask ?? new Float32Array(prunable.size).fill(1));
      const trained = await context.trainToEnd({
        mask: layers,
        epochs: roundEpochs,
        checkpoints: checkpoints.scope(`round-${round}`),
        progress: (report) =>
          context.progress({
            ...report,
            step: round * report.steps + report.step,
            steps: rounds * report.steps,
            values: { ...report.values, round },
          }),
      });
      try {
        const validationAccuracy = await context.validationAccuracy(trained, layers);
        const kept = { round, density: densityAfter(round), layers };
        await context.keepRound({ ...kept, validationAccuracy });
        return prunable.pack(trained).map(Math.abs);
      } finally {
        tf.dispose(trained);
      }
    },
    after: (mask, round) => checkpoints.save({ arrays: { mask }, values: { round } }),
  });
  return ticket;
}
