import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { relativeError } from '@winnow/golden';
import type { NamedTensors } from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { initialize } from './initialize.ts';
import type { Architecture } from './layers.ts';
import { networkFrom } from './network.ts';

const SHAPE = { height: 6, width: 7, channels: 2 };
/** What TensorFlow calls "same", for a window of 3 that moves by 2 over 6×7 pixels. */
const SAME = { top: 0, bottom: 1, left: 1, right: 1 };

/** The words that no network of the zoo uses. */
const architecture: Architecture = (layers, images, classes) => {
  const a = layers.conv('a', images, { channels: 3, kernel: 3, stride: 2, padding: SAME });
  const b = layers.conv('b', images, {
    channels: 3,
    kernel: [1, 2],
    stride: 2,
    padding: { top: 0, bottom: 0, left: 0, right: 1 },
    bias: true,
  });
  const pooled = layers.maxPool(layers.add(a, b), { size: [2, 3], stride: 1 });
  const features = layers.flatten(pooled, { order: 'channels-last' });
  const hidden = layers.linear('fc1', features, { units: 5, bias: false });
  const normalized = layers.normalize('bn', hidden, { epsilon: 1e-3, relu: true });
  return layers.linear('fc2', normalized, { units: classes });
};

const network = networkFrom('words', architecture, SHAPE, 4);

/** The same in TensorFlow.js's own words. */
function peer(parameters: NamedTensors, images: tf.Tensor4D): tf.Tensor {
  const of = <T extends tf.Tensor>(name: string) => parameters[name] as T;
  const kernel = (name: string) => tf.transpose(of<tf.Tensor4D>(name), [2, 3, 1, 0]);
  const a = tf.conv2d(images, kernel('a.weight'), 2, 'same');
  const b = tf.conv2d(images, kernel('b.weight'), 2, 'same');
  const sum = tf.add<tf.Tensor4D>(a, tf.add(b, of('b.bias')));
  const pooled = tf.maxPool(sum, [2, 3], 1, 'valid');
  const features = tf.reshape<tf.Rank.R2>(pooled, [pooled.shape[0], -1]);
  const hidden = tf.matMul<tf.Tensor2D>(features, of('fc1.weight'), false, true);
  const { mean, variance } = tf.moments(hidden, 0);
  const scale = of<tf.Tensor1D>('bn.weight');
  const shift = of<tf.Tensor1D>('bn.bias');
  const normalized = tf.relu(
    tf.add(tf.mul(tf.div(tf.sub(hidden, mean), tf.sqrt(tf.add(variance, 1e-3))), scale), shift),
  );
  return tf.add(tf.matMul(normalized, of('fc2.weight'), false, true), of('fc2.bias'));
}

describe.each(backendsHere())('networks in the whole vocabulary on $name', (backend) => {
  beforeAll(() => backend.start());

  it("has the logits of TensorFlow.js's own ops", () => {
    const parameters = initialize(network, randomStreams(3)('initialisation'));
    const images = tf.tensor4d(randomStreams(3)('images').normals(4 * 84, 0), [4, 6, 7, 2]);
    const ours = network.forward(parameters, images).dataSync();
    expect(relativeError(ours, peer(parameters, images).dataSync())).toBeLessThan(1e-5);
  });

  it('shows what each normalisation takes in, features as images of one pixel', () => {
    const parameters = initialize(network, randomStreams(3)('initialisation'));
    const seen: [string, number[]][] = [];
    network.forward(parameters, tf.ones([2, 6, 7, 2]), {
      observe: (layer, input) => seen.push([layer, input.shape]),
    });
    expect(seen).toEqual([['bn', [2, 1, 1, 5]]]);
  });
});

it('lists its layers with what they put out', () => {
  const { layers, logits } = network.graph!;
  expect(layers.map(({ op, x, shape }) => [op, x, Object.values(shape)])).toEqual([
    ['conv', 0, [3, 4, 3]],
    ['conv', 0, [3, 4, 3]],
    ['add', 1, [3, 4, 3]],
    ['max-pool', 3, [2, 2, 3]],
    ['flatten', 4, [12]],
    ['linear', 5, [5]],
    ['normalize', 6, [5]],
    ['linear', 7, [4]],
  ]);
  expect(logits).toBe(8);
  expect(layers[0]).toEqual({
    op: 'conv',
    x: 0,
    name: 'a',
    channels: 3,
    kernel: [3, 3],
    stride: 2,
    padding: SAME,
    bias: false,
    shape: { height: 3, width: 4, channels: 3 },
  });
  expect(layers[6]).toMatchObject({ name: 'bn', epsilon: 1e-3, relu: true });
});

it('declares no bias that a linear layer does without', () => {
  expect(network.parameters.map((p) => p.name)).toEqual([
    ...['a.weight', 'b.weight', 'b.bias', 'fc1.weight'],
    ...['bn.weight', 'bn.bias', 'fc2.weight', 'fc2.bias'],
  ]);
});
