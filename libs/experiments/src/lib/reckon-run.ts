import * as tf from '@tensorflow/tfjs-core';
import { evaluationBatches, trainingBatches } from '@winnow/data';
import { Packing, initialize } from '@winnow/models';
import { type ComponentRegistry, DENSE, type Dataset } from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { randomMask } from './bench-mask.ts';
import { measureSpeed } from './measure-speed.ts';
import { recallComponent } from './recorded-component.ts';
import type { RunConfig } from './run-config.ts';
import { buildNetwork } from './run-network.ts';
import type { Speed } from './speed.ts';

/** What of a run takes how long, in milliseconds; of its parts none that a step was too slow for to be measured. */
export interface ReckonedMs {
  readonly pretrain: number;
  readonly search: number;
  readonly train: number;
}

/** How fast a run's network is here, dense and under random weights of its density, on the backend in use. Throws INTERRUPTED. */
export async function speedHere(
  config: RunConfig,
  dataset: Pick<Dataset, 'train'>,
  registry: ComponentRegistry,
  signal: AbortSignal,
): Promise<Speed> {
  const { recipe, backend, density } = config;
  const network = buildNetwork(config, registry);
  const random = randomStreams(0);
  const fresh = initialize(network, random('initialisation'));
  const parameters = new Packing(network.parameters).pack(fresh);
  tf.dispose(fresh);
  const mask = density < 1 ? randomMask(network, density, random) : undefined;
  const batch = Math.min(recipe.batchSize, dataset.train.length);
  return measureSpeed({ network, parameters, mask, batch, recipe, backend, signal });
}

/**
 * About how long a run takes by the speed of its network, evaluation within training; undefined where a step takes too long
 * to be measured.
 */
export function reckonRun(
  config: RunConfig,
  { train, validation, test }: Dataset,
  { dense, ticket = dense }: Speed,
  registry: ComponentRegistry,
): ReckonedMs | undefined {
  const { recipe, rewindEpochs, method, density, fineTune } = config;
  const [step, under] = [dense.train, ticket.train];
  if (step === null || under === null || ticket.inference === null) return undefined;
  const steps = trainingBatches(train.length, recipe.batchSize).length;
  const evaluated = [validation, validation, test].map(
    ({ length }) => evaluationBatches(length, recipe.batchSize).length,
  );
  const epochsLeft = recipe.epochs - rewindEpochs;
  const pruner = method.name === DENSE ? undefined : recallComponent('pruner', method, registry);
  const search = { density, schedule: recipe, epochsLeft };
  const searchEpochs = pruner?.searchEpochs?.(search, method.given) ?? 0;
  const inference = evaluated.reduce((sum, n) => sum + n) * ticket.inference;
  return {
    pretrain: config.startWeights ? 0 : rewindEpochs * steps * step,
    search: searchEpochs * steps * step,
    train: (fineTune?.epochs ?? epochsLeft) * steps * (pruner ? under : step) + inference,
  };
}
