import { arraySource } from '@winnow/data';
import { networkFrom } from '@winnow/models';
import { defineDataset, defineModel } from '@winnow/plugin-api';
import * as z from 'zod';

const SHAPE = { height: 2, width: 2, channels: 1 };
const CLASSES = 2;

function part(count: number) {
  const labels = Int32Array.from({ length: count }, (_, i) => i % CLASSES);
  // Bright where the label is 1, and no two images alike.
  const pixels = Float32Array.from({ length: 4 * count }, (_, i) => {
    return labels[i >> 2]! + ((7 * i) % 5) / 10;
  });
  return arraySource({ pixels, labels, shape: SHAPE });
}

/** Sixteen images of two classes, and so few epochs that a run takes a moment. */
export const toyData = defineDataset({
  name: 'toy-data',
  summary: 'bright images and dark ones',
  options: z.strictObject({ path: z.string().default('here'), blur: z.number().default(0) }),
  argument: 'path',
  places: ['path'],
  open: () =>
    Promise.resolve({
      name: 'toy-data',
      input: SHAPE,
      classes: CLASSES,
      train: part(16),
      validation: part(4),
      test: part(4),
      checksum: 'toy',
      recipe: {
        learningRate: 0.1,
        epochs: 2,
        dropEpochs: [],
        warmupEpochs: 0,
        weightDecay: 0,
        batchSize: 8,
      },
    }),
});

/** Two matrices: `hidden.weight` of 4 · units weights, `head.weight` of units · 2. */
export const toyModel = defineModel({
  name: 'toy-model',
  summary: 'two layers',
  options: z.strictObject({ units: z.number().int().default(8) }),
  rewindEpochs: 1,
  build: (input, classes, { units }) =>
    networkFrom(
      'toy-model',
      (layers, images) => {
        const hidden = layers.linear('hidden', layers.flatten(images), { units });
        return layers.linear('head', layers.relu(hidden), { units: classes });
      },
      input,
      classes,
    ),
});
