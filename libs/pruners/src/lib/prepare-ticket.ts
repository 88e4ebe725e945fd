import * as tf from '@tensorflow/tfjs-core';
import { fileOrder, toDevice } from '@winnow/data';
import { Packing, activationShapes } from '@winnow/models';
import {
  type Batch,
  type GivenOptions,
  type ImageSource,
  type NamedTensors,
  type Need,
  type Network,
  type Objective,
  type PrepareSetting,
  type PrunerDescriptor,
  type RandomStreams,
  WinnowError,
  ofPlugin,
} from '@winnow/plugin-api';
import { vectors } from '@winnow/tensor-backend';
import { objectiveGradient } from './cts/objective-gradient.ts';

export interface Trial {
  readonly parameters: NamedTensors;
  readonly batchSize: number;
  readonly random: RandomStreams;
}

export interface Preparation extends PrepareSetting {
  /** Of methods that follow one, configured. */
  readonly objective?: Objective | undefined;
  /** Of the method, as given. */
  readonly options: GivenOptions;
  /** Differentiates the objective once; left out, it is met as it is in the search. */
  readonly trial?: Trial | undefined;
}

function unsupported(who: string, network: Network, what: string): WinnowError {
  return new WinnowError(
    'UNSUPPORTED_MODEL',
    `${who} needs ${what}, which ${network.name}${ofPlugin(network)} does not offer.`,
    { hint: 'Choose another one, or another model.' },
  );
}

function assertMeets(needs: readonly Need[], network: Network, who: string): void {
  if (needs.includes('synaptic-flow') && !network.synapticFlow)
    throw unsupported(who, network, 'a synaptic flow');
  if (needs.includes('activations') && activationShapes(network).size === 0)
    throw unsupported(who, network, 'activations');
}

const titled = (objective: Objective) => `Objective "${objective.name}"${ofPlugin(objective)}`;

/** Throws UNSUPPORTED_MODEL where the network has not what an objective needs, and what its own `prepare` throws. */
export async function prepareObjective(
  objective: Objective,
  setting: PrepareSetting,
): Promise<void> {
  assertMeets(objective.needs, setting.network, titled(objective));
  await objective.prepare?.(setting);
}

async function firstBatch(source: ImageSource, network: Network, size: number): Promise<Batch> {
  const indices = fileOrder(Math.min(size, source.length));
  return toDevice(await source.read(indices), network.input);
}

/** Differentiates an objective on the first batch and under a relaxed mask. Throws NO_GRADIENT, LOSS_NOT_FINITE, BAD_OBJECTIVE. */
async function tryObjective(
  objective: Objective,
  { network, dataset }: PrepareSetting,
  { parameters, batchSize, random }: Trial,
): Promise<void> {
  const prunable = Packing.prunable(network);
  const needs = (need: Need) => objective.needs.includes(need);
  const batch = await firstBatch(dataset.train, network, batchSize);
  const heldOut = needs('held-out-batch')
    ? await firstBatch(dataset.validation, network, batchSize)
    : undefined;
  const gradient = vectors().zeros(prunable.size);
  let value: number;
  try {
    ({ value } = objectiveGradient(objective, {
      network,
      parameters,
      random,
      batch,
      heldOut,
      next: needs('next-batch') ? batch : undefined,
      prunable,
      logits: vectors().zeros(prunable.size),
      uniforms: random('objective-trial').uniforms(prunable.size, 0),
      gradient,
    }));
  } finally {
    for (const { images, labels } of [batch, ...(heldOut ? [heldOut] : [])])
      tf.dispose([images, labels]);
  }
  const subject = `${titled(objective)} on ${network.name}${ofPlugin(network)}`;
  if (!Number.isFinite(value) || !vectors().isFinite(gradient)) {
    throw new WinnowError(
      'LOSS_NOT_FINITE',
      `${subject}, or its gradient, is not finite (${value}) on the first batch, under a relaxed mask.`,
      { hint: 'Look at the objective: it may divide by 0 or take its logarithm.' },
    );
  }
  if (vectors().squares(gradient) === 0) {
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
  assertMeets(pruner.needs, setting.network, `Method "${pruner.name}"${ofPlugin(pruner)}`);
  await pruner.prepare?.(setting, options);
  if (!objective) return;
  await prepareObjective(objective, setting);
  if (trial) await tryObjective(objective, setting, trial);
}
