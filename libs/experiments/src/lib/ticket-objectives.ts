import * as tf from '@tensorflow/tfjs-core';
import { evaluationBatches, toDevice } from '@winnow/data';
import { readTensors } from '@winnow/models';
import { objectiveOn } from '@winnow/objectives';
import {
  type ComponentRegistry,
  type Dataset,
  type NamedTensors,
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

/**
 * The value of each objective at a run's start point under a ticket, or under none: the mean over unaugmented training
 * images in batches of the training size. Throws INTERRUPTED.
 */
export async function ticketObjectives(
  folder: RunFolder,
  config: RunConfig,
  ticket: Ticket | undefined,
  { registry, dataset, objectives, images, signal }: ObjectiveSetting,
): Promise<ObjectiveValues> {
  const network = buildNetwork(config, registry);
  if (ticket) assertFits(ticket, network);
  const parameters = await readTensors(folder.start, network.parameters);
  const mask = ticket && maskOf(ticket);
  const order = randomStreams(0)('objective-images').permutation(dataset.train.length, 0);
  const sums = new Map(objectives.map(({ name }) => [name, 0]));
  try {
    for (const { start, end } of evaluationBatches(images, config.recipe.batchSize)) {
      const block = await dataset.train.read(order.subarray(start, end));
      const batch = toDevice(block, network.input);
      for (const objective of objectives) {
        const value = tf.tidy(
          () => objectiveOn(network, parameters, batch)(objective, mask).dataSync()[0]!,
        );
        sums.set(objective.name, sums.get(objective.name)! + (end - start) * value);
      }
      tf.dispose([batch.images, batch.labels]);
      await nextTurn();
      if (signal.aborted) throw interrupted();
    }
  } finally {
    tf.dispose([parameters, mask ?? {}]);
  }
  return Object.fromEntries(
    [...sums].map(([name, sum]) => [name, Number.isFinite(sum) ? sum / images : null]),
  );
}
