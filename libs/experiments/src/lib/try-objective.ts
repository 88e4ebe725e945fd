import * as tf from '@tensorflow/tfjs-core';
import { fileOrder, toDevice } from '@winnow/data';
import { Packing } from '@winnow/models';
import {
  type ImageSource,
  type NamedTensors,
  type Network,
  type Objective,
  type RandomStream,
  WinnowError,
  ofPlugin,
} from '@winnow/plugin-api';
import { objectiveGradient } from '@winnow/pruners';

/** The methods that differentiate the objective that they are given. */
export const FOLLOWS_OBJECTIVE: ReadonlySet<string> = new Set(['cts', 'saliency']);

export interface ObjectiveTrial {
  readonly network: Network;
  readonly parameters: NamedTensors;
  readonly train: ImageSource;
  readonly batchSize: number;
  readonly random: RandomStream;
}

/**
 * Differentiates an objective once, on the first batch and under a relaxed mask, so that one that no search can follow is
 * refused before hours of training. A value that is not finite may become so, and passes. Throws NO_GRADIENT,
 * BAD_OBJECTIVE, and what the objective does.
 */
export async function tryObjective(
  objective: Objective,
  { network, parameters, train, batchSize, random }: ObjectiveTrial,
): Promise<void> {
  const prunable = Packing.prunable(network);
  const block = await train.read(fileOrder(Math.min(batchSize, train.length)));
  const batch = toDevice(block, network.input);
  try {
    const { gradient } = objectiveGradient(objective, {
      network,
      parameters,
      batch,
      prunable,
      logits: new Float32Array(prunable.size),
      uniforms: random.uniforms(prunable.size, 0),
    });
    if (gradient.some((g) => g !== 0)) return;
  } finally {
    tf.dispose([batch.images, batch.labels]);
  }
  throw new WinnowError(
    'NO_GRADIENT',
    `Objective "${objective.name}"${ofPlugin(objective)} on ${network.name}${ofPlugin(network)} has gradient 0 under a relaxed mask.`,
    {
      hint: 'What counts or compares is flat nearly everywhere, as an accuracy is: use a smooth measure.',
    },
  );
}
