import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import models, { networkFrom, networkOf } from '@winnow/models';
import {
  ComponentRegistry,
  type ModelDescriptor,
  type Network,
  defineModel,
} from '@winnow/plugin-api';
import { backendsHere } from '@winnow/tensor-backend';
import { z } from 'zod';
import { modelConformance } from './model-conformance.ts';

// The deeper ones are the same architectures with more blocks. The last backend is the engine, where it was built.
const fastest = backendsHere().at(-1)!;
const start = () => fastest.start();
const builtIn = new ComponentRegistry(models.components)
  .all('model')
  .filter(({ name }) => /^(resnet(8|20)|vgg11|lenet|conv2)$/.test(name));

describe.each(builtIn.map((model) => [model.name, model] as const))('%s', (_, model) => {
  for (const { name, run } of modelConformance(model, { start })) it(name, run);
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
  for (const { name, run } of modelConformance(own, { start })) it(name, run);
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
      'logits of another number of classes',
      changed((network) => ({
        forward: (own, images) => tf.slice(network.forward(own, images), [0, 0], [-1, 2]),
      })),
      /^makes finite logits/,
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
