import * as tf from '@tensorflow/tfjs-core';
import { initialize, toTensors } from '@winnow/models';
import {
  type ComponentRegistry,
  DENSE,
  type Dataset,
  type NamedTensors,
  type Network,
  type PrunerDescriptor,
} from '@winnow/plugin-api';
import { prepareTicket } from '@winnow/pruners';
import { randomStreams } from '@winnow/tensor-backend';
import { filesChanged } from './data-changed.ts';
import { recallComponent } from './recorded-component.ts';
import type { RunConfig } from './run-config.ts';
import type { RunFolder } from './run-folder.ts';
import { buildNetwork } from './run-network.ts';
import { recallStartWeights } from './start-weights.ts';

async function firstWeights(
  { startWeights, seed }: RunConfig,
  network: Network,
): Promise<NamedTensors> {
  return startWeights
    ? toTensors(await recallStartWeights(startWeights, network))
    : initialize(network, randomStreams(seed)('initialisation'));
}

async function assertSameFiles({ method }: RunConfig, { checksum }: PrunerDescriptor) {
  // Older runs have none.
  if (!checksum || method.checksum === undefined) return;
  if ((await checksum(method.given)) === method.checksum) return;
  throw filesChanged(method.name);
}

/**
 * Refuses a run whose method or objective does not go with its network, its data or each other, before anything is trained
 * or written: where the start point is yet to come, by a step of the search at the first weights too. Throws what
 * `prepareTicket` does, and UNKNOWN_NAME, INVALID_OPTION, OPTIONS_CHANGED, DATA_CHANGED.
 */
export async function prepareRun(
  config: RunConfig,
  folder: RunFolder,
  { registry, dataset }: { readonly registry: ComponentRegistry; readonly dataset: Dataset },
): Promise<void> {
  const { method, density, recipe, seed, ablation } = config;
  if (method.name === DENSE) return;
  const pruner = recallComponent('pruner', method, registry);
  const objective = config.objective && recallComponent('objective', config.objective, registry);
  const isFound = (await folder.has('ticket')) || (await folder.store.has('result.json'));
  if (ablation || isFound) return;
  await assertSameFiles(config, pruner);
  const network = buildNetwork(config, registry);
  const parameters = (await folder.has('start')) ? undefined : await firstWeights(config, network);
  try {
    await prepareTicket(pruner, {
      network,
      dataset,
      density,
      batchSize: recipe.batchSize,
      options: method.given,
      objective,
      trial: parameters && { parameters, random: randomStreams(seed) },
    });
  } finally {
    tf.dispose(parameters ?? {});
  }
}
