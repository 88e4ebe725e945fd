import * as tf from '@tensorflow/tfjs-core';
import {
  type Objective,
  type PrunerContext,
  type TrainingSchedule,
  WinnowError,
  definePruner,
  interrupted,
  nextTurn,
  ofPlugin,
} from '@winnow/plugin-api';
import { TrainingOrder, readAhead, toDevice } from '@winnow/data';
import { Packing } from '@winnow/models';
import { Ticket } from '@winnow/tickets';
import { z } from 'zod';
import { Adam } from './adam.ts';
import { MaskSearch } from './mask-search.ts';
import { objectiveGradient } from './objective-gradient.ts';
import { GradBalance, Lagrange } from './sparsity-control.ts';

const options = z
  .strictObject({
    objective: z.string().default('kl').describe('what the mask is searched for'),
    sparsityControl: z
      .enum(['gradbalance', 'lagrange'])
      .default('gradbalance')
      .describe('what keeps the density'),
    duration: z
      .enum(['long', 'half', 'short'])
      .optional()
      .describe(
        'epochs of search: as many as of training, half of them, or an eighth (default: "short")',
      ),
    searchEpochs: z
      .number()
      .int()
      .positive()
      .optional()
      .describe('epochs of search, in place of --duration'),
  })
  .refine(({ duration, searchEpochs }) => duration === undefined || searchEpochs === undefined, {
    message: 'duration and searchEpochs both say how long to search: give one',
  });
type Options = z.output<typeof options>;

const SHARE = { long: 1, half: 0.5, short: 0.125 } as const;
const DROP_AT = 0.88;
const DROP_FACTOR = 0.1;

function searchEpochs({ duration, searchEpochs }: Options, schedule: TrainingSchedule): number {
  return searchEpochs ?? Math.max(1, Math.round(SHARE[duration ?? 'short'] * schedule.epochs));
}

async function startSearch(
  { density, checkpoints }: PrunerContext,
  { sparsityControl }: Options,
  objective: Objective,
  size: number,
): Promise<{ search: MaskSearch; step: number }> {
  const saved = await checkpoints.load();
  const array = (name: string) => saved?.arrays[name] ?? new Float32Array(size);
  const step = (saved?.values['step'] as number | undefined) ?? 0;
  const lambda = saved?.values['lambda'] as number | undefined;
  const control =
    sparsityControl === 'gradbalance'
      ? new GradBalance(density, lambda)
      : new Lagrange(density, objective.multiplierRate ?? 1, lambda);
  const logits = array('logits');
  if (!saved) logits.fill(Math.log(density / (1 - density)));
  return {
    search: new MaskSearch(logits, new Adam(array('mean'), array('variance'), step), control),
    step,
  };
}

/** Concrete Ticket Search (arXiv 2512.07142, §4): learns one logit a weight by a Concrete relaxation of the mask. */
export const cts = definePruner({
  name: 'cts',
  summary: 'Concrete Ticket Search: learn the mask itself',
  options,
  async findTicket(context, options) {
    const { network, train, schedule, density } = context;
    const objective = context.objective(options.objective);
    const prunable = Packing.prunable(network);
    const epochs = searchEpochs(options, schedule);
    const order = new TrainingOrder(
      train.length,
      schedule.batchSize,
      context.random('search-shuffling'),
    );
    const steps = epochs * order.stepsPerEpoch;
    const noise = context.random('mask-noise');
    const resumed = await startSearch(context, options, objective, prunable.size);
    const { search } = resumed;
    let { step } = resumed;
    const save = () =>
      context.checkpoints.save({
        arrays: { logits: search.logits, mean: search.adam.mean, variance: search.adam.variance },
        values: { step, lambda: search.control.lambda },
      });

    for await (const block of readAhead(train, order.requests(step, steps), save)) {
      const epoch = order.epochOf(step);
      const batch = toDevice(block, network.input);
      const { value, gradient } = objectiveGradient(objective, {
        network,
        parameters: context.parameters,
        batch,
        prunable,
        logits: search.logits,
        uniforms: noise.uniforms(prunable.size, step),
      });
      tf.dispose([batch.images, batch.labels]);
      const rate = schedule.learningRate * (step < DROP_AT * steps ? 1 : DROP_FACTOR);
      const taken = search.step(gradient, objective.lossScale, rate);
      if (!Number.isFinite(value) || !Number.isFinite(taken.gradientNorm)) {
        throw new WinnowError(
          'LOSS_NOT_FINITE',
          `Objective "${objective.name}"${ofPlugin(objective)} on ${network.name}${ofPlugin(network)} is ${value} and its gradient's norm ${taken.gradientNorm} at search step ${step} (epoch ${epoch + 1}).`,
          {
            hint:
              step === 0
                ? 'No step was taken yet, so look at the objective: it may divide by 0 or take its logarithm.'
                : 'Lower the learning rate; `winnow run` takes --learning-rate, with another --out, or look at the objective.',
          },
        );
      }
      step++;
      context.progress({
        step,
        steps,
        epoch,
        epochs,
        images: block.labels.length,
        values: { objective: value, density: taken.density, lambda: taken.lambda },
      });
      await nextTurn();
      if (context.signal.aborted) {
        await save();
        throw interrupted();
      }
      if (step < steps && context.checkpoints.due()) await save();
    }

    return Ticket.keepLargest(prunable.views(search.logits), density, {
      method: 'cts',
      objective: objective.name,
      density,
      seed: context.seed,
      model: network.name,
      weightsHash: context.weightsHash,
    });
  },
});
