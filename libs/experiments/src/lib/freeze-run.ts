import { resolve } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { epsilonOf } from '@winnow/exchange';
import { type HostTensor } from '@winnow/files';
import { writeSafetensors } from '@winnow/files/disk';
import { toTensors } from '@winnow/models';
import { type ComponentRegistry, type NamedTensors, WinnowError } from '@winnow/plugin-api';
import {
  type Evaluation,
  type PassProgress,
  evaluate,
  gatherStatistics,
  parameterMask,
} from '@winnow/training';
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

function onHost(tensors: NamedTensors): Map<string, HostTensor> {
  return new Map(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      { shape: tensor.shape, data: tensor.dataSync<'float32'>() },
    ]),
  );
}

/** A network for deployment, and how it was made. */
export interface FrozenNetwork {
  readonly froze: FrozenRun;
  readonly tensors: ReadonlyMap<string, HostTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What `freezeRun` writes. Throws as that does, but for FILE_NOT_WRITABLE and RUN_IN_USE. */
export async function frozenNetwork(
  folder: RunFolder,
  config: RunConfig,
  { registry, open, onProgress }: Omit<FreezeSetting, 'out'>,
): Promise<FrozenNetwork> {
  if (!(await folder.readResult())) {
    throw new WinnowError('RUN_NOT_FINISHED', `The run in ${folder.path} has no result yet.`, {
      hint: `\`winnow resume ${folder.path}\` goes on where it stopped.`,
    });
  }
  const { train, test } = await reopenDataset(config, registry, open);
  const network = buildNetwork(config, registry);
  const parameters = toTensors(await folder.readFloats('weights', network.parameters));
  const { batchSize } = config.recipe;
  const ticket = (await folder.has('ticket')) ? await folder.readTicket() : undefined;
  const mask = ticket && parameterMask(network, ticket.layers);
  const before = await evaluate(network, parameters, test, batchSize, { mask });
  const statistics = await gatherStatistics(network, parameters, train, batchSize, onProgress);
  const after = await evaluate(network, parameters, test, batchSize, { statistics, mask });
  const tensors = onHost({ ...parameters, ...statistics });
  const normalizations = Object.keys(statistics).length / 2;
  tf.dispose([parameters, statistics]);
  return {
    froze: { normalizations, images: train.length, before, after },
    tensors,
    metadata: { model: network.name, ...epsilonOf(network.graph) },
  };
}

/**
 * Writes a finished run's network for deployment: its weights, pruned ones 0, and for each normalisation layer the mean
 * and variance over the training images, as `LAYER.running_mean` and `LAYER.running_var`. Throws RUN_NOT_FINISHED,
 * RUN_IN_USE, DATA_CHANGED, WEIGHTS_MISMATCH, LOSS_NOT_FINITE, FILE_NOT_WRITABLE, what reading a file of the run does, and
 * what the data set throws.
 */
export async function freezeRun(
  folder: RunFolder,
  config: RunConfig,
  { out, ...setting }: FreezeSetting,
): Promise<FrozenRun> {
  if (out !== undefined && resolve(out) !== resolve(folder.frozen)) {
    const { froze, tensors, metadata } = await frozenNetwork(folder, config, setting);
    await writeSafetensors(out, tensors, metadata);
    return froze;
  }
  return folder.hold(async (held) => {
    const { froze, tensors, metadata } = await frozenNetwork(held, config, setting);
    await held.writeTensors('frozen', tensors, metadata);
    return froze;
  });
}
