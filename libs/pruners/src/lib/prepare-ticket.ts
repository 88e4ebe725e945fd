import * as tf from '@tensorflow/tfjs-core';
import { fileOrder, toDevice } from '@winnow/data';
import {
  type Batch,
  type GivenOptions,
  type ImageSource,
  type NamedTensors,
  type Need,
  type Network,
  type Objective,
  type PreparePruner,
  type PrepareSetting,
  type PrunerDescriptor,
  type RandomStreams,
  WinnowError,
  ofPlugin,
} from '@winnow/plugin-api';
import { FEWEST_EXAMPLES } from './cts/batch-parts.ts';
import { MaskSearch, type SearchStep } from './cts/mask-search.ts';
import { GradBalance } from './cts/sparsity-control.ts';
import { assertMeetsNeeds } from './meet-needs.ts';

/** Of the mask in a trial, where the relaxation is steepest. */
const TRIED_DENSITY = 0.5;
/** An objective may be faded in, and flat at first. */
const LATE_STEP = 1_000_000;

export interface Trial {
  readonly parameters: NamedTensors;
  readonly random: RandomStreams;
}

export interface Preparation extends PreparePruner {
  /** Of methods that follow one, configured. */
  readonly objective?: Objective | undefined;
  /** Of the method, as given. */
  readonly options: GivenOptions;
  /** Differentiates the objective once, for methods that need its gradient; left out, it is met as it is in the search. */
  readonly trial?: Trial | undefined;
}

const titled = (objective: Objective) => `Objective "${objective.name}"${ofPlugin(objective)}`;

/**
 * Throws UNSUPPORTED_MODEL or TOO_FEW_EXAMPLES where network or data have not what an objective needs, and what its own
 * `prepare` throws.
 */
export async function prepareObjective(
  objective: Objective,
  setting: PrepareSetting,
): Promise<void> {
  assertMeetsNeeds(objective, setting.network);
  const { validation } = setting.dataset;
  if (objective.needs.includes('held-out-batch') && validation.length < FEWEST_EXAMPLES) {
    throw new WinnowError(
      'TOO_FEW_EXAMPLES',
      `${titled(objective)} needs held-out images, and there are ${validation.length} to validate on.`,
      { hint: 'Hold out two at least, or choose another objective.' },
    );
  }
  await objective.prepare?.(setting);
}

async function firstBatch(source: ImageSource, network: Network, size: number): Promise<Batch> {
  const indices = fileOrder(Math.min(size, source.length));
  return toDevice(await source.read(indices), network.input);
}

/** Takes a step of a search on the first batch, and a late one too where it is flat. Throws NO_GRADIENT, LOSS_NOT_FINITE, BAD_OBJECTIVE. */
async function tryObjective(
  objective: Objective,
  { network, dataset, batchSize }: PreparePruner,
  { parameters, random }: Trial,
): Promise<void> {
  const needs = (need: Need) => objective.needs.includes(need);
  const batch = await firstBatch(dataset.train, network, batchSize);
  const heldOut = needs('held-out-batch')
    ? await firstBatch(dataset.validation, network, batchSize)
    : undefined;
  const control = new GradBalance(TRIED_DENSITY);
  const densityOf = () => TRIED_DENSITY;
  const search = new MaskSearch({ network, parameters, objective, control, densityOf, random });
  const next = needs('next-batch') ? batch : undefined;
  let tried: SearchStep;
  try {
    const at = (step: number) => search.step({ step, batch, heldOut, next }, 0).now();
    tried = at(0);
    if (tried.gradientNorm === 0) tried = at(LATE_STEP);
  } finally {
    search.dispose();
    for (const { images, labels } of [batch, ...(heldOut ? [heldOut] : [])])
      tf.dispose([images, labels]);
  }
  const { value, gradientNorm } = tried;
  const subject = `${titled(objective)} on ${network.name}${ofPlugin(network)}`;
  if (!Number.isFinite(value) || !Number.isFinite(gradientNorm)) {
    throw new WinnowError(
      'LOSS_NOT_FINITE',
      `${subject} is ${value} and its gradient's norm ${gradientNorm} on the first batch, under a relaxed mask.`,
      { hint: 'Look at the objective: it may divide by 0 or take its logarithm.' },
    );
  }
  if (gradientNorm === 0) {
    throw new WinnowError('NO_GRADIENT', `${subject} has gradient 0 under a relaxed mask.`, {
      hint: 'What counts or compares is flat nearly everywhere, as an accuracy is: use a smooth measure.',
    });
  }
}

/**
 * Refuses before anything is trained what would fail after it: a method, network, objective and data that do not go
 * together. Throws UNSUPPORTED_MODEL, what the components' own `prepare` throws, and with a trial NO_GRADIENT,
 * LOSS_NOT_FINITE, BAD_OBJECTIVE.
 */
export async function prepareTicket(
  pruner: PrunerDescriptor,
  { objective, options, trial, ...setting }: Preparation,
): Promise<void> {
  assertMeetsNeeds(pruner, setting.network);
  await pruner.prepare?.(setting, options);
  if (!objective) return;
  await prepareObjective(objective, setting);
  if (trial && pruner.needs.includes('gradient')) await tryObjective(objective, setting, trial);
}
