import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { arraySource } from '@winnow/data';
import { randomStreams } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { Ticket, keptCount } from '@winnow/tickets';
import { gatherStatistics, trainUnder } from '@winnow/training';
import { adaptLayersModel } from './adapt-layers-model.ts';
import { apply, functional, through } from './testing/functional.ts';
import { denseNet, mobileNet, mobileNetV2 } from './testing/keras-applications.ts';

const { layers } = tfl;
const inputShape = [9, 8, 2];
const relu = () => layers.reLU();

const MODELS: Record<string, () => tfl.LayersModel> = {
  'convolutions with "same" and stride 2, pooling, softmax': () =>
    tfl.sequential({
      layers: [
        layers.conv2d({
          inputShape,
          filters: 4,
          kernelSize: 3,
          strides: 2,
          padding: 'same',
          activation: 'relu',
        }),
        layers.conv2d({
          filters: 3,
          kernelSize: [2, 4],
          strides: 2,
          padding: 'same',
          useBias: false,
        }),
        layers.activation({ activation: 'relu' }),
        layers.maxPooling2d({ poolSize: [3, 2], strides: 1, padding: 'same' }),
        layers.dropout({ rate: 0.5 }),
        layers.flatten(),
        layers.dense({ units: 5, activation: 'softmax' }),
      ],
    }),
  'normalisation, ε 1e-3, of images and after a dense layer': () =>
    tfl.sequential({
      layers: [
        layers.conv2d({ inputShape, filters: 4, kernelSize: 3 }),
        layers.batchNormalization(),
        relu(),
        layers.flatten(),
        layers.dense({ units: 6, useBias: false }),
        layers.batchNormalization({ epsilon: 0.01 }),
        relu(),
        layers.dense({ units: 5 }),
        layers.softmax(),
      ],
    }),
  'a residual block': () =>
    functional(inputShape, (images) => {
      const norm = (x: tfl.SymbolicTensor) => apply(layers.batchNormalization(), x);
      const conv = (filters: number, kernelSize: number, strides: number) =>
        layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false });
      const stem = apply(relu(), norm(apply(conv(4, 3, 1), images)));
      const inner = apply(relu(), norm(apply(conv(6, 3, 2), stem)));
      const sum = apply(layers.add(), [
        norm(apply(conv(6, 3, 1), inner)),
        norm(apply(conv(6, 1, 2), stem)),
        inner,
      ]);
      const pooled = apply(layers.globalAveragePooling2d({}), apply(relu(), sum));
      return apply(layers.dense({ units: 5 }), pooled);
    }),
  'zero padding before convolution and pooling, as Keras writes ResNets': () =>
    tfl.sequential({
      layers: [
        layers.zeroPadding2d({
          inputShape,
          padding: [
            [1, 2],
            [0, 3],
          ],
        }),
        layers.zeroPadding2d({ padding: 1 }),
        layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, activation: 'relu' }),
        layers.zeroPadding2d({ padding: 1 }),
        layers.maxPooling2d({ poolSize: 3, strides: 2 }),
        layers.zeroPadding2d({ padding: 1 }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.dense({ units: 5 }),
      ],
    }),
  'vectors in': () =>
    tfl.sequential({
      layers: [
        layers.dense({ inputShape: [7], units: 6, activation: 'relu' }),
        layers.dense({ units: 5, activation: 'softmax' }),
      ],
    }),
  'images without channels in': () =>
    tfl.sequential({
      layers: [
        layers.flatten({ inputShape: [4, 3] }),
        layers.dense({ units: 5, activation: 'linear' }),
      ],
    }),
  'a model within a model': () => {
    const trunk = tfl.sequential({
      layers: [
        layers.conv2d({ inputShape, filters: 3, kernelSize: 3 }),
        layers.batchNormalization(),
      ],
    });
    return functional(inputShape, (images) => {
      const x = apply(layers.flatten(), apply(relu(), apply(trunk, images)));
      return apply(layers.dense({ units: 5 }), x);
    });
  },
  'as Keras writes MobileNet': mobileNet,
  'as Keras writes MobileNetV2': mobileNetV2,
  'as Keras writes DenseNet': denseNet,
  'depthwise and separable convolutions, dilated ones, tanh and sigmoid': () =>
    tfl.sequential({
      layers: [
        layers.depthwiseConv2d({
          inputShape,
          kernelSize: [2, 3],
          strides: 2,
          depthMultiplier: 3,
          padding: 'same',
          activation: 'tanh',
        }),
        layers.separableConv2d({
          filters: 4,
          kernelSize: [3, 2],
          depthMultiplier: 2,
          dilationRate: 2,
          padding: 'same',
          activation: 'sigmoid',
        }),
        layers.conv2d({ filters: 3, kernelSize: 2, dilationRate: [3, 3], activation: 'relu6' }),
        layers.flatten(),
        layers.dense({ units: 5, activation: 'linear' }),
      ],
    }),
  'pooling, normalisation without scale and centre, zeros, shapes, other ReLUs': () =>
    functional([8, 9], (images) => {
      const x = through(
        images,
        layers.reshape({ targetShape: [8, 9, 1] }),
        layers.rescaling({ scale: 0.5, offset: -0.25 }),
        layers.conv2d({ filters: 4, kernelSize: 3 }),
        layers.batchNormalization({ scale: false }),
        layers.leakyReLU({ alpha: 0.2 }),
        layers.averagePooling2d({ poolSize: [3, 2], strides: 2, padding: 'same' }),
        layers.zeroPadding2d({ padding: 1 }),
        layers.batchNormalization({ center: false }),
        layers.zeroPadding2d({ padding: 2 }),
        layers.maxPooling2d({ poolSize: 2, strides: 1 }),
        layers.batchNormalization({ scale: false, center: false }),
        layers.reLU({ maxValue: 0.75 }),
      );
      const reshaped = apply(layers.reshape({ targetShape: [-1, 4, 2] }), x);
      const most = apply(
        layers.globalMaxPooling2d({}),
        apply(layers.conv2d({ filters: 3, kernelSize: 2 }), x),
      );
      // As Keras before 2.7 wrote the end of MobileNet.
      const mean = through(
        reshaped,
        layers.globalAveragePooling2d({}),
        layers.reshape({ targetShape: [1, 1, 2] }),
        layers.conv2d({ filters: 3, kernelSize: 1, padding: 'same' }),
        layers.flatten(),
      );
      return apply(layers.dense({ units: 5 }), apply(layers.concatenate(), [mean, most]));
    }),
  'layers and a model at two places': () =>
    functional([6, 5, 2], (images) => {
      const conv = layers.conv2d({ filters: 2, kernelSize: 3, padding: 'same' });
      const norm = layers.batchNormalization();
      const trunk = tfl.sequential({
        layers: [
          layers.depthwiseConv2d({ inputShape: [6, 5, 2], kernelSize: 3, padding: 'same' }),
          layers.reLU(),
        ],
      });
      const once = through(images, conv, norm, trunk);
      const twice = through(once, trunk, conv, norm);
      const pooled = apply(layers.globalAveragePooling2d({}), apply(layers.add(), [once, twice]));
      const dense = layers.dense({ units: 2 });
      return apply(layers.dense({ units: 5 }), through(pooled, dense, dense));
    }),
};

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
