import * as tf from '@tensorflow/tfjs-core';
import { fileOrder, toDevice } from '@winnow/data';
import { Packing } from '@winnow/models';
import type { ImageSource, NamedTensors, Network, Objective } from '@winnow/plugin-api';
import { objectiveGradient } from '@winnow/pruners';

const IMAGES = 8;

/**
 * Differentiates an objective once, on the first images, so that one that cannot be is refused before hours of training.
 * A value that is not finite may become so, and passes. Throws BAD_OBJECTIVE, NO_GRADIENT, and what the objective does.
 */
export async function tryObjective(
  objective: Objective,
  network: Network,
  parameters: NamedTensors,
  images: ImageSource,
): Promise<void> {
  const prunable = new Packing(network.parameters.filter((p) => p.prunable));
  const block = await images.read(fileOrder(Math.min(IMAGES, images.length)));
  const batch = toDevice(block, network.input);
  try {
    objectiveGradient(objective, {
      network,
      parameters,
      batch,
      prunable,
      logits: new Float32Array(prunable.size),
      uniforms: new Float32Array(prunable.size).fill(0.5),
    });
  } finally {
    tf.dispose([batch.images, batch.labels]);
  }
}
