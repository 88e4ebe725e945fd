import * as tf from '@tensorflow/tfjs-core';
import { type BatchRange, evaluationBatches, fileOrder, toDevice } from '@winnow/data';
import { Packing, toTensors } from '@winnow/models';
import { ObjectivePrograms, objectiveOn } from '@winnow/objectives';
import {
  type ComponentRegistry,
  type Dataset,
  type ImageSource,
  type NamedTensors,
  type Need,
  type Network,
  type Objective,
  interrupted,
  nextTurn,
} from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { type Ticket, assertFits } from '@winnow/tickets';
import type { RunConfig } from './run-config.ts';
import type { RunFolder } from './run-folder.ts';
import { buildNetwork } from './run-network.ts';

/** By objective; null where it is not finite, such as `gradient-match` where a layer keeps nothing. */
export type ObjectiveValues = Readonly<Record<string, number | null>>;

export interface ObjectiveSetting {
  readonly registry: ComponentRegistry;
  readonly dataset: Dataset;
  readonly objectives: readonly Objective[];
  /** How many training images, the same ones for every run. */
  readonly images: number;
  readonly signal: AbortSignal;
}

function maskOf({ layers }: Ticket): NamedTensors {
  return Object.fromEntries(
    [...layers].map(([name, { shape, kept }]) => [
      name,
      tf.tensor(Float32Array.from(kept), [...shape]),
    ]),
  );
}

/** The prunable weights, those that a ticket prunes 0. */
function weightsUnder(
  ticket: Ticket | undefined,
  network: Network,
  { weights }: ObjectivePrograms,
): tf.Tensor1D {
  if (!ticket) return tf.clone(weights);
  const kept = Packing.prunable(network).gather(ticket.layers);
  return tf.tidy(() => tf.mul(weights, tf.tensor1d(kept)));
}

/** How each batch of a setting is read, and the second ones that some of its objectives need; the caller disposes them. */
function batchReaders({ dataset, objectives, images }: ObjectiveSetting, batchSize: number) {
  const { train, validation, input } = dataset;
  const order = randomStreams(0)('objective-images').permutation(train.length, 0);
  const ranges = evaluationBatches(images, batchSize);
  const heldOut = evaluationBatches(validation.length, batchSize);
  const needed = (need: Need) => objectives.some(({ needs }) => needs.includes(need));
  const read = async (source: ImageSource, from: Int32Array, { start, end }: BatchRange) =>
    toDevice(await source.read(from.subarray(start, end)), input);
  return ranges.map((range, i) => async () => ({
    batch: await read(train, order, range),
    ...(needed('next-batch') && {
      next: await read(train, order, ranges[(i + 1) % ranges.length]!),
    }),
    ...(needed('held-out-batch') && {
      heldOut: await read(validation, fileOrder(validation.length), heldOut[i % heldOut.length]!),
    }),
  }));
}

/**
 * The value of each objective at a run's start point under a ticket, or under none: the mean over unaugmented training
 * images in batches of the training size. Throws INTERRUPTED.
 */
export async function ticketObjectives(
  folder: RunFolder,
  config: RunConfig,
  ticket: Ticket | undefined,
  setting: ObjectiveSetting,
): Promise<ObjectiveValues> {
  const { registry, objectives, images, signal } = setting;
  const network = buildNetwork(config, registry);
  if (ticket) assertFits(ticket, network);
  const parameters = toTensors(await folder.readFloats('start', network.parameters));
  const mask = ticket && maskOf(ticket);
  const sums = new Map(objectives.map(({ name }) => [name, 0]));
  let programs: ObjectivePrograms | undefined;
  let weights: tf.Tensor1D | undefined;
  try {
    programs = ObjectivePrograms.of(network, parameters, objectives);
    weights = programs && weightsUnder(ticket, network, programs);
    for (const readBatches of batchReaders(setting, config.recipe.batchSize)) {
      const batches = await readBatches();
      for (const objective of objectives) {
        const by = programs?.for(objective);
        const at = { network, parameters, denseLogits: by?.dense, ...batches };
        const evaluate = () => objectiveOn(at)(objective, mask, by?.sparse(weights!)).value;
        const value = tf.tidy(() => evaluate().dataSync()[0]!);
        sums.set(objective.name, sums.get(objective.name)! + batches.batch.labels.size * value);
      }
      for (const { images, labels } of Object.values(batches)) tf.dispose([images, labels]);
      await nextTurn();
      if (signal.aborted) throw interrupted();
    }
  } finally {
    programs?.dispose();
    tf.dispose([parameters, mask ?? {}, weights ?? []]);
  }
  return Object.fromEntries(
    [...sums].map(([name, sum]) => [name, Number.isFinite(sum) ? sum / images : null]),
  );
}
