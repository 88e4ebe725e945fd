import { fileOrder, toDevice } from '@winnow/data';
import type { OptionPool } from '@winnow/experiments';
import { Packing, readTensors } from '@winnow/models';
import type { Batch, ComponentRegistry, Dataset, NamedTensors, Network } from '@winnow/plugin-api';
import { startChosenBackend } from './command-context.ts';

export interface OneBatchRequest {
  readonly model: string;
  readonly weights: string;
  readonly dataset: string;
  readonly backend: string;
}

export interface NetworkOnOneBatch {
  readonly dataset: Dataset;
  readonly network: Network;
  readonly parameters: NamedTensors;
  /** Packs the prunable parameters. */
  readonly prunable: Packing;
  /** All training images of the data set. */
  readonly batch: Batch;
}

/**
 * Starts the backend and puts a network's weights and all training images of a data set on it. Model and data set take
 * what is left of the options. Throws what the parts do.
 */
export async function networkOnOneBatch(
  request: OneBatchRequest,
  pool: OptionPool,
  registry: ComponentRegistry,
): Promise<NetworkOnOneBatch> {
  const descriptor = pool.dataset(registry, request.dataset);
  const model = registry.get('model', request.model);
  const modelOptions = pool.take(model);
  const datasetOptions = pool.take(descriptor);
  pool.assertAllTaken();
  await startChosenBackend(request.backend, registry);
  const dataset = await descriptor.open(datasetOptions);
  const network = model.build(dataset.input, dataset.classes, modelOptions);
  const parameters = await readTensors(request.weights, network.parameters);
  const block = await dataset.train.read(fileOrder(dataset.train.length));
  return {
    dataset,
    network,
    parameters,
    prunable: Packing.prunable(network),
    batch: toDevice(block, dataset.input),
  };
}
