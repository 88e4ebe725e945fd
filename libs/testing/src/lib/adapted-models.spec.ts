import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tfl from '@tensorflow/tfjs-layers';
import { arraySource } from '@winnow/data';
import { adaptLayersModel } from '@winnow/layers-model';
import { type PrunerDescriptor, defineModel } from '@winnow/plugin-api';
import pruners, { findTicket } from '@winnow/pruners';
import { backendsHere } from '@winnow/tensor-backend/node';
import { keptCount } from '@winnow/tickets';
import * as z from 'zod';
import { modelConformance } from './model-conformance.ts';
import { TOY_CLASSES, TOY_SHAPE, toyImages } from './toy-problem.ts';

const fastest = backendsHere().at(-1)!;
const start = () => fastest.start();

/** A residual block with normalisation, ended by a softmax. */
function residual(): tfl.LayersModel {
  const { layers } = tfl;
  const { height, width, channels } = TOY_SHAPE;
  const images = tfl.input({ shape: [height, width, channels] });
  const apply = (layer: tfl.layers.Layer, x: tfl.SymbolicTensor | tfl.SymbolicTensor[]) =>
    layer.apply(x) as tfl.SymbolicTensor;
  const conv = (strides: number, padding: 'same' | 'valid' = 'same') =>
    layers.conv2d({ filters: 4, kernelSize: 3, strides, padding });
  const stem = apply(layers.reLU(), apply(layers.batchNormalization(), apply(conv(2), images)));
  const sum = apply(layers.add(), [stem, apply(conv(1), stem)]);
  const pooled = apply(layers.globalAveragePooling2d({}), apply(layers.reLU(), sum));
  const outputs = apply(layers.dense({ units: TOY_CLASSES, activation: 'softmax' }), pooled);
  return tfl.model({ inputs: images, outputs });
}

// One model for all checks, whose weights stay.
let model: tfl.LayersModel;
const adapted = defineModel({
  name: 'adapted',
  summary: 'a tf.LayersModel',
  options: z.strictObject({}),
  rewindEpochs: 1,
  build: () => adaptLayersModel(model).network,
});

// `given` finds nothing: it takes one ticket.
const searching = (pruners.components as PrunerDescriptor[]).filter(({ name }) => name !== 'given');

describe('an adapted tf.LayersModel', () => {
  beforeAll(async () => {
    await start();
    model = residual();
  });

  const setting = { start, input: TOY_SHAPE, classes: TOY_CLASSES };
  for (const { name, skip, run } of modelConformance(adapted, setting))
    (skip ? it.skip : it)(name, run);

  it.each(searching)('is pruned by $name', async (pruner) => {
    const { network, parameters } = adaptLayersModel(model);
    const { images, labels } = toyImages(48, 1);
    const ticket = await findTicket(pruner, {
      network,
      parameters: parameters(),
      train: arraySource({ pixels: images, labels, shape: TOY_SHAPE }),
      density: 0.25,
      recipe: {
        learningRate: 0.05,
        epochs: 1,
        dropEpochs: [],
        warmupEpochs: 0,
        weightDecay: 0,
        batchSize: 16,
      },
    });
    const size = 9 * 4 + 9 * 16 + 4 * TOY_CLASSES;
    expect([ticket.size, ticket.kept]).toEqual([size, keptCount(0.25, size)]);
  });
});
