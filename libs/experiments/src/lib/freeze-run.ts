import * as tf from '@tensorflow/tfjs-core';
import { type HostTensor } from '@winnow/files';
import { writeSafetensors } from '@winnow/files/disk';
import { toTensors } from '@winnow/models';
import { type ComponentRegistry, type NamedTensors, WinnowError } from '@winnow/plugin-api';
import { NORMALIZATION_EPSILON } from '@winnow/tensor-backend';
import { type Evaluation, type PassProgress, evaluate, gatherStatistics } from '@winnow/training';
import type { OpenDataset } from './open-dataset.ts';
import { reopenDataset } from './reopen-dataset.ts';
import type { RunConfig } from './run-config.ts';
import type { RunFolder } from './run-folder.ts';
import { buildNetwork } from './run-network.ts';

export interface FreezeSetting {
  readonly registry: ComponentRegistry;
  /** A file for the frozen network, in place of the run's `frozen.safetensors`. */
  readonly out?: string | undefined;
  /** Opens the data. */
  readonly open?: OpenDataset | undefined;
  readonly onProgress: (progress: PassProgress) => void;
}

export interface FrozenRun {
  /** Layers that normalise; where there are none, the weights are copied as they are. */
  readonly normalizations: number;
  /** Training images that the statistics are of. */
  readonly images: number;
  /** On the test images, by the statistics of each batch. */
  readonly before: Evaluation;
  /** On the test images, by those of all training images. */
  readonly after: Evaluation;
}

function* onHost(tensors: NamedTensors): Generator<readonly [string, HostTensor]> {
  for (const [name, tensor] of Object.entries(tensors))
    yield [name, { shape: tensor.shape, data: tensor.dataSync<'float32'>() }];
}

/**
 * Writes a finished run's network for deployment: its weights, pruned ones 0, and for each normalisation layer the mean
 * and variance over the training images, as `LAYER.running_mean` and `LAYER.running_var`. Throws RUN_NOT_FINISHED,
 * DATA_CHANGED, WEIGHTS_MISMATCH, LOSS_NOT_FINITE, FILE_NOT_WRITABLE, and what the data set throws.
 */
export async function freezeRun(
  folder: RunFolder,
  config: RunConfig,
  { registry, out, open, onProgress }: FreezeSetting,
): Promise<FrozenRun> {
  if (!(await folder.readResult())) {
    throw new WinnowError('RUN_NOT_FINISHED', `The run in ${folder.path} has no result yet.`, {
      hint: `\`winnow resume ${folder.path}\` goes on where it stopped.`,
    });
  }
  const { train, test } = await reopenDataset(config, registry, open);
  const network = buildNetwork(config, registry);
  const parameters = toTensors(await folder.readFloats('weights', network.parameters));
  const { batchSize } = config.recipe;
  const before = await evaluate(network, parameters, test, batchSize);
  const statistics = await gatherStatistics(network, parameters, train, batchSize, onProgress);
  const after = await evaluate(network, parameters, test, batchSize, { statistics });
  const tensors = onHost({ ...parameters, ...statistics });
  const metadata = { model: network.name, epsilon: String(NORMALIZATION_EPSILON) };
  if (out === undefined) await folder.writeTensors('frozen', tensors, metadata);
  else await writeSafetensors(out, tensors, metadata);
  const normalizations = Object.keys(statistics).length / 2;
  tf.dispose([parameters, statistics]);
  return { normalizations, images: train.length, before, after };
}
