import * as tf from '@tensorflow/tfjs-core';
import { TrainingOrder, toDevice } from '@winnow/data';
import { Packing } from '@winnow/models';
import {
  type Batch,
  type ImageSource,
  type PrunerContext,
  type Scoring,
  type ScoringPlan,
  type TicketData,
  interrupted,
  nextTurn,
} from '@winnow/plugin-api';
import { classExamples } from './class-examples.ts';
import { pruneByRounds } from './prune-by-rounds.ts';

async function readBatch(source: ImageSource, indices: ArrayLike<number>, context: PrunerContext) {
  return toDevice(await source.read(indices), context.network.input);
}

/** The examples of a round, in batches of at most the training's size. */
async function exampleBatches(
  context: PrunerContext,
  { examplesPerClass }: ScoringPlan,
  round: number,
): Promise<Batch[]> {
  if (examplesPerClass === 0) return [];
  const { train, network, schedule, random } = context;
  const order = random('scoring-examples');
  const plan = { classes: network.classes, perClass: examplesPerClass };
  const indices = classExamples(train, plan, order, round);
  const batches: Batch[] = [];
  for (let at = 0; at < indices.length; at += schedule.batchSize)
    batches.push(await readBatch(train, indices.slice(at, at + schedule.batchSize), context));
  return batches;
}

/** Validation images beside each batch of a round. */
async function heldOutBatches(context: PrunerContext, count: number, round: number) {
  const { validation, schedule, random } = context;
  const order = new TrainingOrder(
    validation.length,
    schedule.batchSize,
    random('held-out-shuffling'),
  );
  const batches: Batch[] = [];
  for (let i = 0; i < count; i++)
    batches.push(await readBatch(validation, order.indices(round * count + i), context));
  return batches;
}

/** The ticket that a method's scores give, in one round or several; resumes after the last finished round. */
export async function findByScores(
  scoring: Scoring,
  context: PrunerContext,
  needsObjective: boolean,
): Promise<TicketData> {
  const { network, parameters, density, checkpoints, signal, random } = context;
  const objective = needsObjective ? context.objective : undefined;
  const plan = scoring.plan(objective);
  const { keep, within, iterations, notes } = plan;
  const prunable = Packing.prunable(network);
  const weights = prunable.pack(parameters);
  const saved = await checkpoints.load();
  const mask = saved?.arrays['mask'];
  let images = 0;
  const { ticket } = await pruneByRounds({
    keep,
    prunable,
    density,
    rounds: iterations,
    from: mask && { mask, round: saved.values['round'] as number },
    keepLargest: (ranks, between) =>
      context.keepLargest(ranks, {
        within,
        notes,
        ...(between === undefined ? {} : { density: between }),
      }),
    async score(mask, round) {
      const batches = await exampleBatches(context, plan, round);
      const heldOut = objective?.needs.includes('held-out-batch')
        ? await heldOutBatches(context, batches.length, round)
        : [];
      images = batches.reduce((sum, { labels }) => sum + labels.size, 0);
      try {
        return scoring.score({
          network,
          parameters,
          weights,
          mask,
          batches,
          heldOut,
          round,
          random,
          get objective() {
            return context.objective;
          },
        });
      } finally {
        tf.dispose([...batches, ...heldOut].flatMap(({ images, labels }) => [images, labels]));
      }
    },
    async after(mask, round) {
      const kept = mask.reduce((sum, m) => sum + m, 0);
      context.progress({
        step: round,
        steps: iterations,
        epoch: round - 1,
        epochs: iterations,
        images,
        values: { density: kept / prunable.size },
      });
      await nextTurn();
      if (signal.aborted || checkpoints.due())
        await checkpoints.save({ arrays: { mask }, values: { round } });
      if (signal.aborted) throw interrupted();
    },
  });
  return ticket;
}
