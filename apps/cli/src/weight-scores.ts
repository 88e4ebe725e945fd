import * as tf from '@tensorflow/tfjs-core';
import { fileOrder, toDevice } from '@winnow/data';
import { OptionPool } from '@winnow/experiments';
import { type HostTensor, writeSafetensors } from '@winnow/files';
import { Packing, readTensors } from '@winnow/models';
import { type ComponentRegistry, WinnowError } from '@winnow/plugin-api';
import {
  type Scorer,
  graspScorer,
  pruneByRounds,
  saliencyScorer,
  synflowScorer,
} from '@winnow/pruners';
import { randomStreams } from '@winnow/tensor-backend';
import { startChosenBackend } from './command-context.ts';

export interface ScoreRequest {
  readonly method: string;
  readonly objective: string;
  readonly improved: boolean;
  readonly model: string;
  readonly weights: string;
  readonly dataset: string;
  readonly density: number;
  readonly iterations: number;
  readonly seed: number;
  readonly out: string;
  readonly backend: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface ScoreResult {
  readonly method: string;
  readonly density: number;
  readonly kept: number;
  readonly size: number;
  readonly images: number;
  readonly out: string;
}

const magnitudeScorer: Scorer = {
  name: 'magnitude',
  keep: 'largest',
  needsExamples: false,
  score: ({ prunable, parameters }) => prunable.pack(parameters).map(Math.abs),
};

const SCORERS: Readonly<
  Record<string, (request: ScoreRequest, registry: ComponentRegistry) => Scorer>
> = {
  snip: (_, registry) => saliencyScorer('snip', registry.get('objective', 'loss')),
  grasp: ({ improved }) => graspScorer(improved),
  synflow: () => synflowScorer,
  magnitude: () => magnitudeScorer,
  saliency: ({ objective }, registry) =>
    saliencyScorer('saliency', registry.get('objective', objective)),
};

function scorerOf(request: ScoreRequest, registry: ComponentRegistry): Scorer {
  const make = SCORERS[request.method];
  if (make) return make(request, registry);
  throw new WinnowError('UNKNOWN_NAME', `There is no method "${request.method}" that scores.`, {
    hint: `Give --method ${Object.keys(SCORERS).join(', ')}.`,
  });
}

/**
 * Scores every prunable weight on all training images of a data set as one batch, prunes in rounds, and writes the last
 * round's scores under the parameters' names and the mask as `mask.NAME`. Throws what the libraries do, and UNKNOWN_NAME.
 */
export async function weightScores(
  request: ScoreRequest,
  registry: ComponentRegistry,
): Promise<ScoreResult> {
  const scorer = scorerOf(request, registry);
  const pool = new OptionPool(request.options);
  const descriptor = pool.dataset(registry, request.dataset);
  const model = registry.get('model', request.model);
  const modelOptions = pool.take(model);
  const datasetOptions = pool.take(descriptor);
  pool.assertAllTaken();
  await startChosenBackend(request.backend, registry);
  const dataset = await descriptor.open(datasetOptions);
  const network = model.build(dataset.input, dataset.classes, modelOptions);
  const prunable = new Packing(network.parameters.filter((p) => p.prunable));
  const parameters = await readTensors(request.weights, network.parameters);
  const block = await dataset.train.read(fileOrder(dataset.train.length));
  const batches = [toDevice(block, dataset.input)];
  const noise = randomStreams(request.seed)('scoring-noise');
  const { density, iterations, seed } = request;
  const { ticket, scores } = await pruneByRounds({
    keep: scorer.keep,
    prunable,
    density,
    rounds: iterations,
    provenance: { method: scorer.name, density, seed, model: model.name, weightsHash: '' },
    score: (mask, round) => {
      const normals = () => noise.normals(prunable.size, round);
      return Promise.resolve(
        scorer.score({ network, parameters, prunable, mask, batches, normals }),
      );
    },
  });
  tf.dispose(batches.flatMap(({ images, labels }) => [images, labels]));
  const tensors: [string, HostTensor][] = [...prunable.views(scores)];
  for (const [name, { shape, kept }] of ticket.layers)
    tensors.push([`mask.${name}`, { shape, data: kept }]);
  await writeSafetensors(request.out, tensors);
  return {
    method: scorer.name,
    density,
    kept: ticket.kept,
    size: ticket.size,
    images: block.labels.length,
    out: request.out,
  };
}
