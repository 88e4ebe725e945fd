import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '@winnow/files';
import { Golden, hashed, relativeError } from '@winnow/golden';
import models, { type Architecture, networkFrom } from '@winnow/models';
import {
  ComponentRegistry,
  type NamedTensors,
  type Network,
  type TrainedNetwork,
} from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import * as ort from 'onnxruntime-web';
import { encodeGraphModel } from './graph-model.ts';
import { encodeOnnx } from './onnx.ts';

const TOLERANCE = 1e-4;
jest.setTimeout(60_000);
const zoo = new ComponentRegistry(models.components);
const random = randomStreams(5);

interface Example {
  readonly network: Network;
  readonly parameters: NamedTensors;
  readonly statistics: NamedTensors;
  readonly images: tf.Tensor4D;
}

/** Whatever a layer says that it normalises by, and images of either sign. */
function exampleOf(network: Network): Example {
  const parameters = Object.fromEntries(
    network.parameters.map(({ name, shape, initializer }, i) => {
      const bound = initializer.kind === 'normal' ? Math.sqrt(3) * initializer.std : 1;
      return [name, tf.tensor(hashed(sizeOf(shape), i, -bound, bound), [...shape])];
    }),
  );
  const statistics: Record<string, tf.Tensor> = {};
  for (const layer of network.graph!.layers) {
    if (layer.op !== 'normalize') continue;
    const { name } = layer;
    const shape: [number] = ['units' in layer.shape ? layer.shape.units : layer.shape.channels];
    const draws = random(name);
    statistics[`${name}.running_mean`] = tf.tensor(draws.normals(shape[0], 0), shape);
    statistics[`${name}.running_var`] = tf.tensor(draws.uniforms(shape[0], 1), shape);
  }
  const { height, width, channels } = network.input;
  const pixels = random('images').normals(3 * height * width * channels, 0);
  const images = tf.tensor4d(pixels, [3, height, width, channels]);
  return { network, parameters, statistics, images };
}

const fromZoo = (name: string, size: number, options = {}) =>
  exampleOf(zoo.get('model', name).build({ height: size, width: size, channels: 3 }, 10, options));

/** The words that no network of the zoo uses, and names that are those of the ends. */
const words: Architecture = (layers, images, classes) => {
  const sides = { top: 0, bottom: 1, left: 1, right: 2 };
  const a = layers.conv('images', images, { channels: 3, kernel: 3, stride: 2, padding: sides });
  const b = layers.conv('b', images, {
    channels: 3,
    kernel: [1, 3],
    stride: 2,
    bias: true,
    padding: { ...sides, bottom: 0 },
  });
  const pooled = layers.maxPool(layers.add(a, b), {
    size: [2, 3],
    stride: 1,
    padding: { top: 1, bottom: 0, left: 2, right: 1 },
  });
  const wide = layers.subsample(layers.relu(pooled), { stride: 2, channels: 6 });
  const features = layers.flatten(wide, { order: 'channels-last' });
  const hidden = layers.linear('fc1', features, { units: 5, bias: false });
  const normalized = layers.normalize('bn', hidden, { epsilon: 1e-2, relu: true });
  const twice = layers.normalize('bn2', normalized, { residual: hidden });
  return layers.linear('logits', twice, { units: classes });
};

/** Those that programs of the engine lack. */
const opWords: Architecture = (layers, images, classes) => {
  const grouped = layers.conv('a', images, {
    channels: 6,
    kernel: [3, 2],
    stride: 2,
    padding: { top: 1, bottom: 0, left: 1, right: 1 },
    groups: 2,
    bias: true,
  });
  const leaky = layers.leakyRelu(grouped, { slope: 0.2 });
  const padding = { top: 1, bottom: 1, left: 0, right: 2 };
  const depthwise = layers.conv('b', leaky, {
    channels: 12,
    kernel: 3,
    padding,
    groups: 6,
    bias: true,
  });
  // So that some of it passes 6.
  const twice = layers.add(depthwise, depthwise);
  const bounded = layers.relu6(layers.add(twice, twice));
  const joined = layers.concat([bounded, leaky, layers.gelu(depthwise)]);
  const averages = layers.averagePool(joined, { size: [2, 3], stride: 2 });
  const features = layers.concat([layers.globalAveragePool(joined), layers.flatten(averages)]);
  return layers.linear('fc', features, { units: classes });
};

/** Those that models of Keras need besides. */
const kerasWords: Architecture = (layers, images, classes) => {
  const scaled = layers.affine(images, { factor: 0.5, offset: -0.25 });
  const once = layers.conv('a', scaled, { channels: 4, kernel: [3, 2], dilation: 2, bias: true });
  const normalised = layers.normalize('unscaled', once, { scale: false });
  const bent = layers.multiply(layers.tanh(normalised), layers.silu(normalised));
  const padded = layers.pad(bent, { top: 0, bottom: 1, left: 2, right: 0 });
  const depthwise = layers.conv('b', padded, {
    channels: 8,
    kernel: 2,
    groups: 4,
    dilation: 2,
  });
  const averages = layers.averagePool(
    layers.sigmoid(layers.normalize('unshifted', depthwise, { shift: false })),
    { size: [3, 2], stride: 2, padding: { top: 1, bottom: 1, left: 0, right: 1 } },
  );
  const plain = layers.normalize('plain', averages, { scale: false, shift: false });
  const image = layers.elu(layers.reshape(plain, { height: 2, width: 4, channels: 6 }));
  const whole = layers.reshape(layers.globalAveragePool(image), {
    height: 1,
    width: 1,
    channels: 6,
  });
  const gated = layers.multiply(image, layers.sigmoid(whole));
  const mixed = layers.conv('c', gated, { channels: 6, kernel: 1 });
  const again = layers.conv('c', mixed, { channels: 6, kernel: 1, shared: true });
  const features = layers.reshape(again, { units: 48 });
  const spread = layers.reshape(features, { height: 4, width: 6, channels: 2 });
  const hidden = layers.linear('fc', layers.flatten(spread), { units: classes });
  const unscaled = layers.normalize('last', hidden, { scale: false });
  return layers.linear('square', layers.linear('square', unscaled, { units: classes }), {
    units: classes,
    shared: true,
  });
};

/** As before the pooling of Keras' ResNetV2, of values below the 0 that is padded, and wider than what is pooled. */
const paddedPools: Architecture = (layers, images, classes) => {
  const below = layers.affine(images, { factor: 0.5, offset: -3 });
  const most = layers.maxPool(layers.pad(below, 1), { size: 3, stride: 2 });
  const wide = layers.averagePool(layers.pad(most, 2), { size: 2, stride: 2 });
  const far = layers.maxPool(layers.pad(wide, 2), { size: 2, stride: 2 });
  return layers.linear('fc', layers.flatten(far), { units: classes });
};

/** Names that mean something else to TensorFlow, and that of a parameter for a layer. */
const strangeNames: Architecture = (layers, images, classes) => {
  const split = layers.conv('s1:c', images, { channels: 4, kernel: 3, groups: 2, bias: true });
  const other = layers.conv('s1_c', layers.relu(split), { channels: 4, kernel: 1 });
  const waiting = layers.conv('^c', other, { channels: 4, kernel: 1 });
  const own = layers.linear('fc', layers.flatten(waiting), { units: 4 });
  return layers.linear('fc.weight', own, { units: classes });
};

async function goldenExample(): Promise<Example> {
  const files = await Promise.all(['weights', 'batch', 'frozen'].map((name) => Golden.load(name)));
  const [weights, batch, frozen] = files as [Golden, Golden, Golden];
  const network = zoo.get('model', 'resnet8').build({ height: 32, width: 32, channels: 3 }, 10, {});
  const { images } = batch.batch();
  return { network, parameters: weights.tensors(), statistics: frozen.tensors('running.'), images };
}

const EXAMPLES: Record<string, () => Example | Promise<Example>> = {
  'the golden ResNet-8': goldenExample,
  'a ResNet-8 with identity shortcuts': () => fromZoo('resnet8', 9, { shortcut: 'identity' }),
  'a ResNet-8 with projections': () => fromZoo('resnet8', 9, { shortcut: 'projection' }),
  'a VGG-11': () => fromZoo('vgg11', 17),
  'a ResNet-18 for large images': () => fromZoo('resnet18', 33),
  'LeNet-300-100': () => fromZoo('lenet', 6),
  'Conv-2': () => fromZoo('conv2', 8),
  'every other word': () =>
    exampleOf(networkFrom('words', words, { height: 6, width: 7, channels: 2 }, 4)),
  'the words that run as ops': () =>
    exampleOf(networkFrom('op-words', opWords, { height: 9, width: 8, channels: 4 }, 4)),
  'padding before pooling': () =>
    exampleOf(networkFrom('padded-pools', paddedPools, { height: 9, width: 8, channels: 2 }, 4)),
  'strange names': () =>
    exampleOf(networkFrom('strange', strangeNames, { height: 5, width: 4, channels: 2 }, 3)),
  'the words of Keras': () =>
    exampleOf(networkFrom('keras-words', kerasWords, { height: 9, width: 8, channels: 2 }, 4)),
};

const trainedFrom = ({ network, parameters, statistics }: Example): TrainedNetwork => ({
  network,
  tensors: new Map(
    Object.entries({ ...parameters, ...statistics }).map(([name, tensor]) => [
      name,
      { shape: tensor.shape, data: tensor.dataSync<'float32'>() },
    ]),
  ),
  metadata: { model: network.name },
});

async function inOnnxruntime(trained: TrainedNetwork, images: tf.Tensor4D): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(encodeOnnx(trained));
  expect([session.inputNames, session.outputNames]).toEqual([['images'], ['logits']]);
  const nchw = tf.transpose(images, [0, 3, 1, 2]);
  const input = new ort.Tensor('float32', nchw.dataSync<'float32'>(), nchw.shape);
  const { logits } = await session.run({ images: input });
  expect(logits!.dims).toEqual([images.shape[0], trained.network.classes]);
  return logits!.data as Float32Array;
}

let files = new Map<string, Uint8Array>();
const server = createServer((request, response) => {
  // Browsers keep connections; here one would time out while another network is computed.
  response.setHeader('connection', 'close').end(files.get(request.url!.slice(1)));
});
let address: string;

async function inTensorflow(trained: TrainedNetwork, images: tf.Tensor4D): Promise<Float32Array> {
  files = encodeGraphModel(trained);
  const model = await loadGraphModel(`${address}/model.json`);
  expect(model.inputs[0]).toMatchObject({ name: 'images', shape: [-1, ...images.shape.slice(1)] });
  const logits = tf.tidy(() => model.predict({ images }) as tf.Tensor);
  expect(logits.shape).toEqual([images.shape[0], trained.network.classes]);
  const data = logits.dataSync<'float32'>().slice();
  model.dispose();
  return data;
}

beforeAll(async () => {
  ort.env.wasm.numThreads = 1;
  await backendsHere()
    .find(({ name }) => name === 'cpu')!
    .start();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

describe.each(Object.entries(EXAMPLES))('%s', (_, make) => {
  it('has our logits in onnxruntime and as a GraphModel', async () => {
    const example = await make();
    const { network, parameters, statistics, images } = example;
    const ours = network.forward(parameters, images, { statistics }).dataSync();
    const trained = trainedFrom(example);
    expect(relativeError(await inOnnxruntime(trained, images), ours)).toBeLessThan(TOLERANCE);
    expect(relativeError(await inTensorflow(trained, images), ours)).toBeLessThan(TOLERANCE);
  });
});

it("has PyTorch's golden logits, of any number of images", async () => {
  const example = await goldenExample();
  const logits = (await Golden.load('frozen')).values('logits');
  const trained = trainedFrom(example);
  const one = tf.slice(example.images, [2, 0, 0, 0], [1, -1, -1, -1]);
  for (const run of [inOnnxruntime, inTensorflow]) {
    expect(relativeError(await run(trained, example.images), logits)).toBeLessThan(TOLERANCE);
    expect(relativeError(await run(trained, one), logits.subarray(20, 30))).toBeLessThan(TOLERANCE);
  }
});

it('cuts the weights of a GraphModel into parts of 4 MiB', () => {
  const parts = [...encodeGraphModel(trainedFrom(fromZoo('vgg11', 17)))];
  const weights = parts.slice(1).map(([, bytes]) => bytes.length);
  expect(parts.map(([name]) => name).slice(0, 2)).toEqual(['model.json', 'group1-shard1of9.bin']);
  expect(weights.slice(0, -1).every((bytes) => bytes === 4 * 2 ** 20)).toBe(true);
  expect(weights.at(-1)).toBeLessThanOrEqual(4 * 2 ** 20);
});

it('refuses a network that is not known as data', () => {
  const { graph: _, ...network } = zoo
    .get('model', 'lenet')
    .build({ height: 2, width: 2, channels: 1 }, 2, {});
  const trained = { network, tensors: new Map(), metadata: {} };
  for (const encode of [encodeOnnx, encodeGraphModel]) {
    expect(() => encode(trained)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_MODEL' }));
  }
});
