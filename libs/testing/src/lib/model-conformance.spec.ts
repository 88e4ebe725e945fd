import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import models, { type Capture, networkFrom, networkOf } from '@winnow/models';
import {
  ComponentRegistry,
  type ModelDescriptor,
  type Network,
  defineModel,
} from '@winnow/plugin-api';
import { backendsHere } from '@winnow/tensor-backend/node';
import * as z from 'zod';
import { modelConformance } from './model-conformance.ts';

// The deeper ones are the same architectures with more blocks. The last backend is the engine, where it was built.
const fastest = backendsHere().at(-1)!;
const start = () => fastest.start();
const builtIn = new ComponentRegistry(models.components)
  .all('model')
  .filter(({ name }) => /^(resnet(8|20)|vgg11|lenet|conv2)$/.test(name));

describe.each(builtIn.map((model) => [model.name, model] as const))('%s', (_, model) => {
  for (const { name, skip, run } of modelConformance(model, { start }))
    (skip ? it.skip : it)(name, run);
});

/** Someone's own function, in TensorFlow's layout. */
const own = defineModel({
  name: 'own',
  summary: 'two layers and a normalisation of its own',
  options: z.strictObject({}),
  rewindEpochs: 1,
  build: (input) =>
    networkOf(
      ({ kernel, scale, head }, images, capture) => {
        const x = tf.conv2d(images, kernel as tf.Tensor4D, 2, 'same');
        const { mean, variance } = tf.moments(x, [0, 1, 2]);
        const y = tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3))), scale);
        const pooled = tf.mean(capture(tf.relu(y)), [1, 2]);
        return tf.matMul(pooled, head);
      },
      {
        kernel: tf.randomNormal([3, 3, input.channels, 6], 0, 0.3, 'float32', 1),
        scale: tf.ones([6]),
        head: tf.randomNormal([6, 10], 0, 0.5, 'float32', 2),
      },
      { input },
    ),
});

describe('a function of parameters', () => {
  for (const { name, skip, run } of modelConformance(own, { start }))
    (skip ? it.skip : it)(name, run);
});

/** With GELU, of images and of features; says of its activations only what it is told to. */
const smooth = (shows: boolean) =>
  defineModel({
    name: 'smooth',
    summary: 'two layers with GELU',
    options: z.strictObject({}),
    rewindEpochs: 1,
    build: (input, classes) =>
      networkOf(
        ({ kernel, hidden, head }, images, capture) => {
          const show: Capture = shows ? capture : (x) => x;
          const gelu = (x: tf.Tensor) => tf.mul(x, tf.sigmoid(tf.mul(x, 1.702)));
          const x = show(gelu(tf.conv2d(images, kernel, 2, 'same')), 'patches');
          const pooled = tf.mean<tf.Tensor2D>(x, [1, 2]);
          return tf.matMul(show(gelu(tf.matMul(pooled, hidden)), 'mixed'), head);
        },
        {
          kernel: { shape: [3, 3, input.channels, 6], initializer: { kind: 'normal', std: 0.3 } },
          hidden: { shape: [6, 8], initializer: { kind: 'normal', std: 0.5 } },
          head: { shape: [8, classes], initializer: { kind: 'normal', std: 0.5 } },
        },
        { input },
      ),
  });

describe('a function with activations that are negative', () => {
  for (const { name, run } of modelConformance(smooth(true), { start, activations: 'any' }))
    it(name, run);
});

describe('a function that shows no activations', () => {
  const checks = modelConformance(smooth(false), { start, activations: 'none' });
  for (const { name, skip, run } of checks) (skip ? it.skip : it)(name, run);

  it('has one check left out, with the reason', () => {
    expect(checks.flatMap(({ name, skip }) => (skip === undefined ? [] : [[name, skip]]))).toEqual([
      ['shows its activations by name', 'it is said to show none'],
    ]);
  });
});

const changed = (change: (network: Network) => Partial<Network>): ModelDescriptor =>
  defineModel({
    name: 'faulty',
    summary: 'two layers, and something wrong',
    options: z.strictObject({}),
    rewindEpochs: 1,
    build(input, classes) {
      const network = networkFrom(
        'faulty',
        (layers, images, classes) => {
          const hidden = layers.relu(layers.linear('fc1', layers.flatten(images), { units: 6 }));
          return layers.linear('fc2', hidden, { units: classes });
        },
        input,
        classes,
      );
      return { ...network, ...change(network) };
    },
  });
const input = { height: 4, width: 4, channels: 1 };

describe('modelConformance finds', () => {
  it('nothing in a network that does what it must', async () => {
    const counts = { all: 16 * 6 + 6 + 6 * 10 + 10, prunable: 16 * 6 + 6 * 10 };
    for (const { run } of modelConformance(
      changed(() => ({})),
      { input, counts },
    ))
      await run();
  });

  it.each<[fault: string, model: ModelDescriptor, failing: RegExp]>([
    [
      'a bias that is prunable',
      changed(({ parameters }) => ({
        parameters: parameters.map((p) => ({ ...p, prunable: true })),
      })),
      /^declares/,
    ],
    [
      'a parameter that nothing reads',
      changed(({ parameters }) => ({
        parameters: [...parameters, { ...parameters[1]!, name: 'idle' }],
      })),
      /^uses every/,
    ],
    [
      'a mask that is ignored',
      changed((network) => ({
        forward: (own, images, { mask, ...rest } = {}) => network.forward(own, images, rest),
      })),
      /^does not use/,
    ],
    [
      'activations that are not shown',
      changed((network) => ({ forward: (own, images) => network.forward(own, images) })),
      /^shows/,
    ],
    [
      'activations below 0',
      changed((network) => ({
        forward: (own, images, options) => {
          options?.capture?.(tf.fill([images.shape[0], 2], -1), 'mine');
          return network.forward(own, images, options);
        },
      })),
      /^shows/,
    ],
    [
      'activations of one name',
      changed((network) => ({
        forward: (own, images, { capture, ...rest } = {}) =>
          network.forward(own, images, {
            ...rest,
            ...(capture && {
              capture: (x) => {
                capture(x, 'mine');
                capture(x, 'mine');
              },
            }),
          }),
      })),
      /^shows/,
    ],
    [
      'logits of another number of classes',
      changed((network) => ({
        forward: (own, images) => tf.slice(network.forward(own, images), [0, 0], [-1, 2]),
      })),
      /^makes finite logits/,
    ],
    [
      'a graph that has one ReLU less',
      changed(({ graph }) => ({
        graph: {
          ...graph!,
          layers: graph!.layers.map((layer) =>
            layer.op === 'relu' ? { ...layer, op: 'affine', factor: 1, offset: 0 } : layer,
          ),
        },
      })),
      /^computes what its graph says/,
    ],
    [
      'a graph without biases, which start at 0',
      changed(({ parameters, graph }) => ({
        parameters: parameters.map((p) =>
          p.prunable ? p : { ...p, initializer: { kind: 'constant', value: 0 } },
        ),
        graph: {
          ...graph!,
          layers: graph!.layers.map((layer) =>
            layer.op === 'linear' ? { ...layer, bias: false } : layer,
          ),
        },
      })),
      /^computes what its graph says/,
    ],
    [
      'a graph of parameters that it does not have',
      changed(({ graph }) => ({
        graph: {
          ...graph!,
          layers: graph!.layers.map((layer) =>
            layer.op === 'linear' ? { ...layer, name: 'other' } : layer,
          ),
        },
      })),
      /^computes what its graph says/,
    ],
    [
      'tensors left over',
      changed((network) => ({
        forward: (own, images, options) => tf.keep(network.forward(own, images, options)),
      })),
      /^takes no notice/,
    ],
  ])('%s', async (_, model, failing) => {
    const failed: string[] = [];
    for (const { name, run } of modelConformance(model, { input }))
      await run().catch(() => failed.push(name));
    expect(failed.filter((name) => failing.test(name))).not.toEqual([]);
  });

  it('other counts than those known', async () => {
    const [declares] = modelConformance(
      changed(() => ({})),
      { input, counts: { all: 1, prunable: 1 } },
    );
    await expect(declares!.run()).rejects.toThrow('counts');
  });
});
