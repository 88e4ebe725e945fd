import { fileOrder, toDevice } from '@winnow/data';
import { OptionPool } from '@winnow/experiments';
import { Packing, readTensors } from '@winnow/models';
import type { Batch, ComponentRegistry, NamedTensors, Network } from '@winnow/plugin-api';
import { startChosenBackend } from './command-context.ts';

export interface OneBatchRequest {
  readonly model: string;
  readonly weights: string;
  readonly dataset: string;
  readonly backend: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface NetworkOnOneBatch {
  readonly network: Network;
  readonly parameters: NamedTensors;
  /** Packs the prunable parameters. */
  readonly prunable: Packing;
  /** All training images of the data set. */
  readonly batch: Batch;
}

/** Starts the backend and puts a network's weights and all training images of a data set on it. Throws what the parts do. */
export async function networkOnOneBatch(
  request: OneBatchRequest,
  registry: ComponentRegistry,
): Promise<NetworkOnOneBatch> {
  const pool = new OptionPool(request.options);
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
    network,
    parameters,
    prunable: Packing.prunable(network),
    batch: toDevice(block, dataset.input),
  };
}
