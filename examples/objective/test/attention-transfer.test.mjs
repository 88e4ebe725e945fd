import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { wasm } from '@winnow/tensor-backend';
import { objectiveConformance } from '@winnow/testing';
import { attentionTransfer } from '@winnow-examples/objective';
import { near } from './near.mjs';
import { numbersOf } from './numbers-of.mjs';

before(() => wasm.start());

const one = attentionTransfer.configure({ layers: ['conv2'], beta: 20 });
for (const objective of [attentionTransfer, one])
  for (const { name, skip, run } of objectiveConformance(objective))
    test(`β = ${objective.given['beta'] ?? 2}: ${name}`, { skip }, run);

/** @typedef {import('@winnow/plugin-api').Network} Network */

/**
 * Shows images of two places and two channels, times w, and once more without it; its logits are all 0.
 *
 * @type {Network}
 */
const network = {
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
/** @param {number[]} pixels */
const setting = (pixels) => () => ({
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
  /** @param {number[]} pixels @param {number[]} w */
  const attention = (pixels, ...w) => numbersOf(attentionTransfer, setting(pixels), { w });
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
  /** @param {Record<string, unknown>} options */
  const value = (options) =>
    numbersOf(attentionTransfer.configure(options), setting(image), { w: [0, 1] })['value'];
  near(value({ beta: 10 }), Math.LN2 + 5 * 0.4);
  near(value({ layers: ['whole'] }), Math.LN2);
  near(value({ layers: ['masked'] }), Math.LN2 + 0.4);
});

test('refuses a name that is no feature map, and a network without any', () => {
  /** @param {Network} to @param {string} layer */
  const prepare = (to, layer) => () =>
    attentionTransfer
      .configure({ layers: [layer] })
      .prepare?.(/** @type {import('@winnow/plugin-api').PrepareSetting} */ ({ network: to }));
  assert.throws(prepare(network, 'flat'), {
    code: 'INVALID_OPTION',
    message: '"shown" has no feature map "flat". Give some of masked, whole.',
  });
  assert.doesNotThrow(prepare(network, 'whole'));
  const silent = { ...network, forward: () => tf.zeros([2, 2]) };
  assert.throws(prepare(/** @type {Network} */ (silent), 'whole'), { code: 'UNSUPPORTED_MODEL' });
});
