import * as tf from '@tensorflow/tfjs-core';
import { type HostTensor, writeSafetensors } from '@winnow/files';
import { type ComponentRegistry, WinnowError } from '@winnow/plugin-api';
import {
  type Scorer,
  graspScorer,
  pruneByRounds,
  saliencyScorer,
  synflowScorer,
} from '@winnow/pruners';
import { randomStreams } from '@winnow/tensor-backend';
import { type OneBatchRequest, networkOnOneBatch } from './network-on-one-batch.ts';

export interface ScoreRequest extends OneBatchRequest {
  readonly method: string;
  readonly objective: string;
  readonly improved: boolean;
  readonly density: number;
  readonly iterations: number;
  readonly seed: number;
  readonly out: string;
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
  const { network, parameters, prunable, batch } = await networkOnOneBatch(request, registry);
  const noise = randomStreams(request.seed)('scoring-noise');
  const { density, iterations, seed } = request;
  const { ticket, scores } = await pruneByRounds({
    keep: scorer.keep,
    prunable,
    density,
    rounds: iterations,
    provenance: { method: scorer.name, density, seed, model: request.model, weightsHash: '' },
    score: (mask, round) => {
      const normals = () => noise.normals(prunable.size, round);
      return Promise.resolve(
        scorer.score({ network, parameters, prunable, mask, batches: [batch], normals }),
      );
    },
  });
  const tensors: [string, HostTensor][] = [...prunable.views(scores)];
  for (const [name, { shape, kept }] of ticket.layers)
    tensors.push([`mask.${name}`, { shape, data: kept }]);
  await writeSafetensors(request.out, tensors);
  const images = batch.labels.size;
  tf.dispose([batch.images, batch.labels]);
  return {
    method: scorer.name,
    density,
    kept: ticket.kept,
    size: ticket.size,
    images,
    out: request.out,
  };
}
