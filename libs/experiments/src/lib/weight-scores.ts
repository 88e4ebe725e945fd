import * as tf from '@tensorflow/tfjs-core';
import { type HostTensor, sizeOf } from '@winnow/files';
import { writeSafetensors } from '@winnow/files/disk';
import { type ComponentRegistry, type GivenOptions, WinnowError } from '@winnow/plugin-api';
import { prepareObjective, scoreWeights } from '@winnow/pruners';
import { Budget } from '@winnow/tickets';
import { chosenObjective } from './chosen-objective.ts';
import { type OneBatchRequest, heldOutBatch, networkOnOneBatch } from './network-on-one-batch.ts';
import { type OpenDataset, openDataset } from './open-dataset.ts';
import { OptionPool } from './option-pool.ts';

export interface ScoreRequest extends OneBatchRequest {
  readonly method: string;
  /** Of methods that follow one. */
  readonly objective?: string | undefined;
  readonly density: number;
  readonly layerDensities?: Readonly<Record<string, number>> | undefined;
  readonly seed: number;
  readonly out: string;
  /** The method, its objective, the model and the data set take those that they have. */
  readonly options: GivenOptions;
}

export interface ScoreResult {
  readonly method: string;
  readonly density: number;
  readonly kept: number;
  readonly size: number;
  readonly images: number;
  readonly out: string;
}

/**
 * Scores every prunable weight on all training images of a data set as one batch, prunes in rounds, and writes the last
 * round's scores under the parameters' names and the mask as `mask.NAME`, of layers that are left out too. Throws what the libraries do.
 */
export async function weightScores(
  request: ScoreRequest,
  registry: ComponentRegistry,
  open: OpenDataset = openDataset,
): Promise<ScoreResult> {
  const { density, layerDensities, seed } = request;
  const pruner = registry.get('pruner', request.method);
  if (request.options['examplesPerClass'] !== undefined) {
    throw new WinnowError(
      'OPTION_NOT_USED',
      'Scores here come from all training images, and examplesPerClass says nothing.',
      { hint: 'Leave it out, or give a data set of fewer images.' },
    );
  }
  const pool = new OptionPool(request.options);
  const options = pool.take(pruner);
  const chosen = chosenObjective(pruner, request.objective, registry);
  const objective = chosen && pool.objective(registry, chosen.name);
  const one = await networkOnOneBatch(request, pool, registry, open);
  const { dataset, network, parameters, prunable, batch } = one;
  if (objective) await prepareObjective(objective, { network, dataset });
  const { ticket, scores } = await scoreWeights(pruner, {
    network,
    parameters,
    batch,
    heldOut: await heldOutBatch(dataset, objective ? [objective] : []),
    density,
    ...(layerDensities && { layerDensities }),
    objective,
    options,
    seed,
  });
  const tensors: [string, HostTensor][] = [...prunable.views(scores)];
  for (const [name, { shape, kept }] of ticket.layers)
    tensors.push([`mask.${name}`, { shape, data: kept }]);
  for (const { name, shape } of network.parameters)
    if (network.leftOut?.includes(name))
      tensors.push([`mask.${name}`, { shape, data: new Uint8Array(sizeOf(shape)).fill(1) }]);
  await writeSafetensors(request.out, tensors);
  const images = batch.labels.size;
  tf.dispose([batch.images, batch.labels]);
  const { kept, size } = Budget.of(network, density, layerDensities);
  return { method: pruner.name, density, kept, size, images, out: request.out };
}
