import * as tf from '@tensorflow/tfjs-core';
import { toDevice } from '@winnow/data';
import { Packing } from '@winnow/models';
import {
  type Batch,
  type PrunerContext,
  type TicketData,
  interrupted,
  nextTurn,
} from '@winnow/plugin-api';
import { z } from 'zod';
import { classExamples } from './class-examples.ts';
import { pruneByRounds } from './prune-by-rounds.ts';
import type { Scorer } from './scorer.ts';

const examplesPerClass = z
  .number()
  .int()
  .positive()
  .default(10)
  .describe('training images of each class that scores come from');
const iterations = z
  .number()
  .int()
  .positive()
  .default(1)
  .describe('rounds of scoring and pruning, with fresh images each; round n of N keeps κ^(n/N)');

/** Options of every method that scores weights on examples. */
export const scoringOptions = { examplesPerClass, iterations };

export interface ScoringPlan {
  readonly scorer: Scorer;
  readonly iterations: number;
  readonly examplesPerClass?: number;
  readonly objective?: string;
}

/** Images of these indices, in batches of at most the training's size. */
async function readBatches(
  { train, network, schedule }: PrunerContext,
  indices: readonly number[],
): Promise<Batch[]> {
  const batches: Batch[] = [];
  for (let at = 0; at < indices.length; at += schedule.batchSize) {
    const block = await train.read(indices.slice(at, at + schedule.batchSize));
    batches.push(toDevice(block, network.input));
  }
  return batches;
}

/** The ticket that a scorer gives, in one round or several; resumes after the last finished round. */
export async function findByScores(
  { scorer, iterations, examplesPerClass = 0, objective }: ScoringPlan,
  context: PrunerContext,
): Promise<TicketData> {
  const { network, parameters, density, seed, weightsHash, train, checkpoints } = context;
  const prunable = Packing.prunable(network);
  const order = context.random('scoring-examples');
  const noise = context.random('scoring-noise');
  const saved = await checkpoints.load();
  const mask = saved?.arrays['mask'];
  const plan = { classes: network.classes, perClass: examplesPerClass };
  const { ticket } = await pruneByRounds({
    keep: scorer.keep,
    prunable,
    density,
    rounds: iterations,
    provenance: {
      method: scorer.name,
      ...(objective === undefined ? {} : { objective }),
      density,
      seed,
      model: network.name,
      weightsHash,
      ...(scorer.notes ? { notes: scorer.notes } : {}),
    },
    from: mask && { mask, round: saved.values['round'] as number },
    score: async (mask, round) => {
      const indices = scorer.needsExamples ? classExamples(train, plan, order, round) : [];
      const batches = await readBatches(context, indices);
      try {
        const normals = () => noise.normals(prunable.size, round);
        return scorer.score({ network, parameters, prunable, mask, batches, normals });
      } finally {
        tf.dispose(batches.flatMap(({ images, labels }) => [images, labels]));
      }
    },
    after: async (mask, round) => {
      const kept = mask.reduce((sum, m) => sum + m, 0);
      context.progress({
        step: round,
        steps: iterations,
        epoch: round - 1,
        epochs: iterations,
        images: scorer.needsExamples ? plan.classes * plan.perClass : 0,
        values: { density: kept / prunable.size },
      });
      await nextTurn();
      const { aborted } = context.signal;
      if (aborted || checkpoints.due()) {
        await checkpoints.save({ arrays: { mask }, values: { round } });
      }
      if (aborted) throw interrupted();
    },
  });
  return ticket;
}
