import { fileOrder, toDevice } from '@winnow/data';
import { Packing, leaveOut } from '@winnow/models';
import { readTensors } from '@winnow/models/files';
import type {
  Batch,
  ComponentRegistry,
  Dataset,
  ImageSource,
  NamedTensors,
  Network,
  Objective,
} from '@winnow/plugin-api';
import type { OpenDataset } from './open-dataset.ts';
import type { OptionPool } from './option-pool.ts';
import { startChosenBackend } from './start-chosen-backend.ts';

export interface OneBatchRequest {
  readonly model: string;
  readonly weights: string;
  readonly dataset: string;
  readonly backend: string;
  readonly leaveOut?: readonly string[] | undefined;
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

async function oneBatch(source: ImageSource, { input }: Dataset): Promise<Batch> {
  return toDevice(await source.read(fileOrder(source.length)), input);
}

/** All validation images of a data set, where an objective needs a held-out batch. */
export async function heldOutBatch(
  dataset: Dataset,
  objectives: readonly Objective[],
): Promise<Batch | undefined> {
  const needed = objectives.some(({ needs }) => needs.includes('held-out-batch'));
  return needed ? oneBatch(dataset.validation, dataset) : undefined;
}

/**
 * Starts the backend and puts a network's weights and all training images of a data set on it. Model and data set take
 * what is left of the options. Throws what the parts do.
 */
export async function networkOnOneBatch(
  request: OneBatchRequest,
  pool: OptionPool,
  registry: ComponentRegistry,
  open: OpenDataset,
): Promise<NetworkOnOneBatch> {
  const descriptor = pool.dataset(registry, request.dataset);
  const model = registry.get('model', request.model);
  const modelOptions = pool.take(model);
  const datasetOptions = pool.take(descriptor);
  pool.assertAllTaken();
  await startChosenBackend(request.backend, registry);
  const dataset = await open(descriptor, datasetOptions);
  const whole = model.build(dataset.input, dataset.classes, modelOptions);
  const network = leaveOut(whole, request.leaveOut ?? []);
  const parameters = await readTensors(request.weights, network.parameters);
  return {
    dataset,
    network,
    parameters,
    prunable: Packing.prunable(network),
    batch: await oneBatch(dataset.train, dataset),
  };
}
