import * as tf from '@tensorflow/tfjs-core';
import { TrainingOrder, toDevice } from '@winnow/data';
import {
  type Batch,
  type ImageSource,
  type PrunerContext,
  type PrunerDescriptor,
  type Scoring,
  type ScoringPlan,
  type TicketData,
  interrupted,
  nextTurn,
} from '@winnow/plugin-api';
import { classExamples } from './class-examples.ts';
import { scoreInRounds } from './score-in-rounds.ts';

async function readBatch(source: ImageSource, indices: ArrayLike<number>, context: PrunerContext) {
  return toDevice(await source.read(indices), context.network.input);
}

/** The examples of a round, in batches of at most the training's size, of as many classes as they can have. */
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
  const count = Math.ceil(indices.length / schedule.batchSize);
  const batches: Batch[] = [];
  // They come class by class, and normalisation is by the statistics of a batch: they are dealt out.
  for (let at = 0; at < count; at++)
    batches.push(
      await readBatch(
        train,
        indices.filter((_, i) => i % count === at),
        context,
      ),
    );
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
  { name, needs }: Pick<PrunerDescriptor, 'name' | 'needs'>,
  scoring: Scoring,
  context: PrunerContext,
): Promise<TicketData> {
  const { network, parameters, density, checkpoints, signal, random } = context;
  const objective = needs.includes('objective') ? context.objective : undefined;
  const plan = scoring.plan(objective);
  const saved = await checkpoints.load();
  const mask = saved?.arrays['mask'];
  let done = mask && { mask, round: saved.values['round'] as number };
  const save = async () => {
    if (done)
      await checkpoints.save({ arrays: { mask: done.mask }, values: { round: done.round } });
  };
  const turn = async () => {
    await nextTurn();
    if (!signal.aborted) return;
    await save();
    throw interrupted();
  };
  let images = 0;
  const { ticket } = await scoreInRounds({
    name,
    scoring,
    plan,
    network,
    parameters,
    density,
    random,
    objective: () => context.objective,
    keepLargest: (scores, keeping) => context.keepLargest(scores, keeping),
    from: done,
    nextTurn: turn,
    async examplesOf(round, score) {
      const batches = await exampleBatches(context, plan, round);
      const heldOut = objective?.needs.includes('held-out-batch')
        ? await heldOutBatches(context, batches.length, round)
        : [];
      images = batches.reduce((sum, { labels }) => sum + labels.size, 0);
      try {
        return await score({ batches, heldOut });
      } finally {
        tf.dispose([...batches, ...heldOut].flatMap(({ images, labels }) => [images, labels]));
      }
    },
    async after(mask, round) {
      const kept = mask.reduce((sum, m) => sum + m, 0);
      context.progress({
        step: round,
        steps: plan.iterations,
        epoch: round - 1,
        epochs: plan.iterations,
        images,
        values: { density: kept / mask.length },
      });
      done = { mask, round };
      if (checkpoints.due()) await save();
      await turn();
    },
  });
  return ticket;
}
