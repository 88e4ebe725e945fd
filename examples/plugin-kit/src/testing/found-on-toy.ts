import * as tf from '@tensorflow/tfjs-core';
import { arraySource } from '@winnow/data';
import { type Architecture, initialize, networkFrom } from '@winnow/models';
import type { PrunerDescriptor } from '@winnow/plugin-api';
import { findTicket } from '@winnow/pruners';
import { randomStreams } from '@winnow/tensor-backend';

/** 120 weights in three layers: 2·2·1·4, 2·2·1·4 and 4·22. */
const architecture: Architecture = (layers, images, classes) => {
  let x = layers.relu(layers.conv('stem', images, { channels: 4, kernel: 2 }));
  x = layers.relu(layers.conv('depthwise', x, { channels: 4, kernel: 2, groups: 4 }));
  return layers.linear('fc', layers.globalAveragePool(x), { units: classes });
};
const SHAPE = { height: 3, width: 3, channels: 1 };
const CLASSES = 22;

/** The ticket that a method finds on noise: its bits by layer, and how many weights each round on the way had. */
export async function foundOnToy(
  pruner: PrunerDescriptor,
  density: number,
  options: Readonly<Record<string, unknown>> = {},
) {
  const random = randomStreams(1);
  const network = networkFrom('toy', architecture, SHAPE, CLASSES);
  const parameters = initialize(network, random('start'));
  const train = arraySource({
    pixels: random('pixels').normals(2 * CLASSES * 9, 0),
    labels: Int32Array.from({ length: 2 * CLASSES }, (_, i) => i % CLASSES),
    shape: SHAPE,
  });
  const schedule = { learningRate: 0.1, epochs: 2, dropEpochs: [1], warmupEpochs: 0 };
  const recipe = { ...schedule, weightDecay: 0, batchSize: CLASSES };
  const rounds: number[] = [];
  const ones = (kept: Uint8Array) => kept.reduce((sum, bit) => sum + bit, 0);
  const ticket = await findTicket(pruner, {
    ...{ network, parameters, train, recipe, density, options },
    onRound: ({ ticket: { layers } }) =>
      void rounds.push([...layers.values()].reduce((sum, { kept }) => sum + ones(kept), 0)),
  });
  tf.dispose(parameters);
  const layers = [...ticket.layers].map(([name, { kept }]) => [name, [...kept]] as const);
  return { layers: Object.fromEntries(layers), counts: [...ticket.counts.values()], rounds };
}
