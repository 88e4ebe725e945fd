import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { arraySource } from '@winnow/data';
import { randomStreams } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { Ticket, keptCount } from '@winnow/tickets';
import { gatherStatistics, trainUnder } from '@winnow/training';
import { adaptLayersModel } from './adapt-layers-model.ts';
import { MODELS } from './testing/models.ts';

const { layers } = tfl;
const inputShape = [9, 8, 2];
const relu = () => layers.reLU();

/** Weights and moving averages that are far from what a fresh model has. */
function scramble(model: tfl.LayersModel): void {
  const random = randomStreams(7)('weights');
  for (const [i, layer] of model.layers.entries()) {
    if ('layers' in layer) scramble(layer as tfl.LayersModel);
    else if (layer.weights.length > 0) {
      const fresh = layer.weights.map((weight, j) => {
        const { size, shape } = weight.read();
        const draws = random.normals(size, 10 * i + j);
        const positive = /variance/.test(weight.originalName);
        return tf.tensor(
          draws.map((x) => (positive ? 0.2 + x * x : x / 2)),
          shape,
        );
      });
      layer.setWeights(fresh);
    }
  }
}

const imagesFor = (model: tfl.LayersModel, count: number, seed: number) => {
  const shape = model.inputs[0]!.shape.slice(1) as number[];
  const size = shape.reduce((a, b) => a * b, count);
  return tf.tensor(randomStreams(seed)('images').normals(size, 0), [count, ...shape]);
};

function expectClose(actual: tf.Tensor, expected: tf.Tensor) {
  expect(actual.shape).toEqual(expected.shape);
  const difference = tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0]!;
  expect(difference).toBeLessThan(1e-5);
  // Or else this would say nothing.
  expect(tf.max(tf.abs(expected)).dataSync()[0]!).toBeGreaterThan(1e-2);
}

describe.each(backendsHere())('adaptLayersModel on $name', (backend) => {
  beforeAll(() => backend.start());

  it.each(Object.keys(MODELS))(
    'computes as the model does, and hands it back: %s',
    async (name) => {
      const model = MODELS[name]!();
      scramble(model);
      const { network, softmax, parameters, statistics, handBack } = adaptLayersModel(model);
      const { height, width, channels } = network.input;
      const images = imagesFor(model, 4, 1);
      const ours = (own: tf.NamedTensorMap, frozen: tf.NamedTensorMap) => {
        const shaped = tf.reshape<tf.Rank.R4>(images, [4, height, width, channels]);
        const logits = network.forward(own, shaped, { statistics: frozen });
        return softmax ? tf.softmax(logits) : logits;
      };
      const predict = () => model.predict(images) as tf.Tensor;
      expectClose(ours(parameters(), statistics()), predict());
      expect(new Set(network.parameters.map((p) => p.name)).size).toBe(network.parameters.length);

      const start = parameters();
      const scores = new Map(
        network.parameters
          .filter((p) => p.prunable)
          .map(({ name, shape }) => [
            name,
            { shape, data: start[name]!.dataSync<'float32'>().map(Math.abs) },
          ]),
      );
      const ticket = Ticket.keepLargest(scores, 0.3, {
        method: 'magnitude',
        density: 0.3,
        seed: 1,
        model: network.name,
        weightsHash: '',
      });
      const pixels = imagesFor(model, 24, 2).dataSync<'float32'>();
      const labels = Int32Array.from({ length: 24 }, (_, i) => i % 5);
      const train = arraySource({ pixels, labels, shape: network.input });
      const recipe = {
        learningRate: 0.05,
        epochs: 2,
        dropEpochs: [],
        warmupEpochs: 0,
        weightDecay: 0,
        batchSize: 8,
      };
      const trained = await trainUnder(ticket, { network, parameters: start, train, recipe });
      const gathered = await gatherStatistics(network, trained, train, recipe.batchSize);
      const before = tf.memory().numTensors;
      handBack(trained, gathered);
      expect(tf.memory().numTensors).toBe(before);
      expectClose(ours(trained, gathered), predict());

      // Kernels and matrices of the model itself: all but ⌊κd⌋ are exactly 0.
      const all = model.weights.map((w) => w.read()).filter(({ rank }) => rank > 1);
      const kept = all.flatMap((w) => [...w.dataSync()]).filter((x) => x !== 0).length;
      expect(all.reduce((sum, { size }) => sum + size, 0)).toBe(ticket.size);
      expect(kept).toBe(keptCount(0.3, ticket.size));
    },
  );

  it('names activations after the layers of the model', () => {
    const model = tfl.sequential({
      layers: [
        layers.conv2d({ name: 'a', inputShape, filters: 2, kernelSize: 3, activation: 'relu' }),
        layers.conv2d({ name: 'b', filters: 2, kernelSize: 3 }),
        layers.batchNormalization({ name: 'norm' }),
        relu(),
        layers.flatten(),
        layers.dense({ name: 'head', units: 5 }),
      ],
    });
    const { network, parameters } = adaptLayersModel(model);
    const names: string[] = [];
    network.forward(parameters(), imagesFor(model, 2, 1) as tf.Tensor4D, {
      capture: (_, name) => void names.push(name),
    });
    expect(names).toEqual(['a', 'norm']);
  });

  it('takes back nothing that is not whole', () => {
    const model = MODELS['normalisation, ε 1e-3, of images and after a dense layer']!();
    const { network, parameters, statistics, handBack } = adaptLayersModel(model);
    const images = imagesFor(model, 2, 1);
    const before = (model.predict(images) as tf.Tensor).dataSync();
    const doubled = Object.fromEntries(
      Object.entries(parameters()).map(([name, x]) => [name, tf.mul(x, 2)]),
    );
    const [first] = network.parameters;
    for (const wrong of [
      () => handBack(doubled),
      () => handBack({}, statistics()),
      () => handBack({ ...doubled, [first!.name]: tf.ones([2]) }, statistics()),
    ])
      expect(wrong).toThrow(expect.objectContaining({ code: 'WEIGHTS_MISMATCH' }));
    expect((model.predict(images) as tf.Tensor).dataSync()).toEqual(before);
  });
});
