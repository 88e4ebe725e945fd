import { TrainingOrder } from '@winnow/data';
import { objectiveRoad } from '@winnow/objectives';
import {
  MOST_EPOCHS,
  type Objective,
  type PrunerContext,
  type TrainingSchedule,
  WinnowError,
  definePruner,
  ofPlugin,
} from '@winnow/plugin-api';
import { readingOf } from '@winnow/tensor-backend';
import * as z from 'zod';
import { FEWEST_EXAMPLES } from './batch-parts.ts';
import { MaskSearch } from './mask-search.ts';
import { secondBatches } from './second-batches.ts';
import { settlementNotes } from './settlement.ts';
import { GradBalance, Lagrange } from './sparsity-control.ts';

const options = z
  .strictObject({
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
      .min(1)
      .max(MOST_EPOCHS)
      .optional()
      .describe('epochs of search, in place of --duration'),
    masks: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe(
        'relaxed masks of a step, each for its part of the batch; the authors draw 4, one a GPU (default: 1)',
      ),
  })
  .refine(({ duration, searchEpochs }) => duration === undefined || searchEpochs === undefined, {
    message: 'duration and searchEpochs both say how long to search: give one',
  });
type Options = z.output<typeof options>;

const SHARE = { long: 1, half: 0.5, short: 0.125 } as const;
/** Of a step of the search, where one of dense training is 1: the teacher comes on top. */
const STEP_COST = 1.5;
const DROP_AT = 0.88;
const DROP_FACTOR = 0.1;

function searchEpochs({ duration, searchEpochs }: Options, schedule: TrainingSchedule): number {
  return searchEpochs ?? Math.max(1, Math.round(SHARE[duration ?? 'short'] * schedule.epochs));
}

const CONTROLS = {
  gradbalance: (density: number) => new GradBalance(density),
  lagrange: (density: number, { multiplierRate = 1 }: Objective) =>
    new Lagrange(density, multiplierRate),
};

const named = (terms: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(terms).map(([name, term]) => [`objective.${name}`, term]));

/** Concrete Ticket Search (arXiv 2512.07142, §4): learns one logit a weight by a Concrete relaxation of the mask. */
export const cts = definePruner({
  name: 'cts',
  summary: 'Concrete Ticket Search: learn the mask itself',
  options,
  needs: ['objective', 'gradient'],
  defaultObjective: 'kl',
  road: (network, objective) => objectiveRoad(network, objective!),
  prepare({ dataset, batchSize }, { masks = 1 }) {
    const images = Math.min(batchSize, dataset.train.length);
    const most = Math.max(1, Math.floor(images / FEWEST_EXAMPLES));
    if (masks <= most) return;
    throw new WinnowError(
      'INVALID_OPTION',
      `Batches of ${images} have no two examples for each of ${masks} masks.`,
      { hint: `Give --masks ${most} at most, or larger batches.` },
    );
  },
  searchEpochs: ({ schedule }, options) => STEP_COST * searchEpochs(options, schedule),
  async findTicket(context: PrunerContext, options) {
    const { network, train, schedule, objective, density, random } = context;
    // Not before there is a search: a list of methods does without it.
    const { steps } = await import('@winnow/training');
    const epochs = searchEpochs(options, schedule);
    const order = new TrainingOrder(train.length, schedule.batchSize, random('search-shuffling'));
    const end = epochs * order.stepsPerEpoch;
    const control = CONTROLS[options.sparsityControl](density, objective);
    const { targetDensity } = control;
    const search = new MaskSearch({ ...context, objective, control, masks: options.masks });
    const { logits, adam, prunable } = search;
    try {
      for await (const { step, epoch, batch, companions, reportLater } of steps({
        source: train,
        input: network.input,
        order,
        companions: secondBatches(context),
        end,
        epochs,
        state: {
          vectors: { logits, mean: adam.mean, variance: adam.variance },
          values: () => ({ lambda: control.lambda }),
          restore: ({ lambda }) => void (control.lambda = lambda as number),
        },
        checkpoints: context.checkpoints,
        signal: context.signal,
        progress: (done) => context.progress(done),
        subject: `Objective "${objective.name}"${ofPlugin(objective)} on ${network.name}${ofPlugin(network)}`,
        kind: 'search',
        hint: (at) =>
          at === 0
            ? 'No step was taken yet, so look at the objective: it may divide by 0 or take its logarithm.'
            : 'Lower the learning rate (learning-rate in a study, --learning-rate of `winnow run` with another --out), or look at the objective.',
      })) {
        const rate = schedule.learningRate * (step < DROP_AT * end ? 1 : DROP_FACTOR);
        reportLater(
          readingOf(search.step({ step, epoch, batch, ...companions }, rate), (taken) => ({
            values: {
              objective: taken.value,
              density: taken.density,
              targetDensity,
              lambda: taken.lambda,
              ...named(taken.terms),
            },
            loss: taken.value,
            gradientNorm: taken.gradientNorm,
          })),
        );
      }
      return context.keepLargest(prunable.views(logits.read()), {
        notes: settlementNotes(search.ending(schedule.learningRate, end), targetDensity, {
          epochs,
          steps: end,
        }),
      });
    } finally {
      search.dispose();
    }
  },
});
