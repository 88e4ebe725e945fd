import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { Network, PrepareSetting } from '@winnow/plugin-api';
import { wasm } from '@winnow/tensor-backend';
import { objectiveConformance } from '@winnow/testing';
import { near } from '../testing/near.ts';
import { numbersOf } from '../testing/numbers-of.ts';
import { attentionTransfer } from './attention-transfer.ts';

before(() => wasm.start());

const options = { layers: ['conv2'], beta: 20 };
for (const { name, skip, run } of objectiveConformance(attentionTransfer))
  test(name, { skip }, run);
for (const { name, skip, run } of objectiveConformance(attentionTransfer.configure(options)))
  test(`of one layer: ${name}`, { skip }, run);

/** Shows images of two places and two channels, times w, and once more without it; its logits are all 0. */
const network: Network = {
  name: 'shown',
  input: { height: 1, width: 2, channels: 2 },
  classes: 2,
  parameters: [
    {
      name: 'w',
      shape: [2],
      prunable: true,
      usesPerImage: 1,
      initializer: { kind: 'constant', value: 1 },
    },
  ],
  forward: ({ w }, images, { mask, capture } = {}) => {
    capture?.(tf.mul(images, mask ? tf.mul(w ?? 0, mask['w'] ?? 0) : (w ?? 0)), 'masked');
    capture?.(images, 'whole');
    capture?.(tf.reshape(images, [-1, 4]), 'flat');
    return tf.zeros([images.shape[0], 2]);
  },
};
const ROOT = Math.sqrt(3);
const setting = (pixels: number[]) => () => ({
  network,
  parameters: { w: tf.ones([2]) },
  batch: {
    images: tf.tensor4d(pixels, [pixels.length / 4, 1, 2, 2]),
    labels: tf.tensor1d(new Int32Array(pixels.length / 4), 'int32'),
  },
});
// Q = (3 + 1, 3 + 0), which is (0.8, 0.6) at length 1.
const image = [ROOT, 1, ROOT, 0];

test('is as by hand', () => {
  const attention = (pixels: number[], ...w: number[]) =>
    numbersOf(attentionTransfer, setting(pixels), { w });
  near(attention(image, 1, 1)['attention'], 0);
  // Q = (1, 0)
  const { value, loss, attention: distance } = attention(image, 0, 1);
  near(distance, 0.2 ** 2 + 0.6 ** 2);
  near(loss, Math.LN2);
  near(value, Math.LN2 + 0.4);
  // Q = (3, 3)
  near(attention(image, 1, 0)['attention'], (0.8 - Math.SQRT1_2) ** 2 + (0.6 - Math.SQRT1_2) ** 2);
  // Nothing is left to look at.
  near(attention(image, 0, 0)['attention'], 1);
  // Of the other image nothing changes: the mean is half.
  near(attention([...image, 0, 1, 0, 1], 0, 1)['attention'], 0.2);
});

test('weighs by β/2, and sees the layers that are named', () => {
  const value = (options: Readonly<Record<string, unknown>>) =>
    numbersOf(attentionTransfer.configure(options), setting(image), { w: [0, 1] })['value'];
  near(value({ beta: 10 }), Math.LN2 + 5 * 0.4);
  near(value({ layers: ['whole'] }), Math.LN2);
  near(value({ layers: ['masked'] }), Math.LN2 + 0.4);
});

test('refuses a name that is no feature map, and a network without any', () => {
  const prepare = (to: Network, layer: string) => () =>
    attentionTransfer.configure({ layers: [layer] }).prepare?.({ network: to } as PrepareSetting);
  assert.throws(prepare(network, 'flat'), {
    code: 'INVALID_OPTION',
    message: '"shown" has no feature map "flat". Give some of masked, whole.',
  });
  assert.doesNotThrow(prepare(network, 'whole'));
  const silent: Network = { ...network, forward: () => tf.zeros([2, 2]) };
  assert.throws(prepare(silent, 'whole'), { code: 'UNSUPPORTED_MODEL' });
});
