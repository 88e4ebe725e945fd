import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '@winnow/plugin-api';
import { wasm } from '@winnow/tensor-backend';
import { objectiveConformance } from '@winnow/testing';
import { near } from '../testing/near.ts';
import { numbersOf } from '../testing/numbers-of.ts';
import { heldOutLoss } from './held-out-loss.ts';

before(() => wasm.start());

for (const { name, skip, run } of objectiveConformance(heldOutLoss)) test(name, { skip }, run);

/** Logits [n, 2]: the image, a single pixel, times w. */
const network: Network = {
  name: 'line',
  input: { height: 1, width: 1, channels: 1 },
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
  forward: ({ w }, images, { mask } = {}) =>
    tf.mul(tf.reshape(images, [-1, 1]), mask ? tf.mul(w ?? 0, mask['w'] ?? 0) : (w ?? 0)),
};
const batch = (pixel: number) => ({
  images: tf.tensor4d([pixel], [1, 1, 1, 1]),
  labels: tf.tensor1d([0], 'int32'),
});
const setting = () => ({
  network,
  parameters: { w: tf.tensor([Math.log(3), 0]) },
  batch: batch(1),
  heldOut: batch(-1),
});

test('is the loss of the held-out batch, beside that of the training batch', () => {
  // The label has probability 3/4 in training, and 1/4 held out.
  const { value, training } = numbersOf(heldOutLoss, setting);
  near(value, Math.log(4));
  near(training, Math.log(4 / 3));
});

test('is that of the sparse network', () => {
  const { value, training } = numbersOf(heldOutLoss, setting, { w: [0, 1] });
  near(value, Math.LN2);
  near(training, Math.LN2);
});
