import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '@winnow/plugin-api';
import { wasm } from '@winnow/tensor-backend';
import { objectiveConformance } from '@winnow/testing';
import { near } from '../testing/near.ts';
import { numbersOf } from '../testing/numbers-of.ts';
import { frugalKl } from './frugal-kl.ts';

before(() => wasm.start());

for (const { name, skip, run } of objectiveConformance(frugalKl)) {
  const reason = name.startsWith('is smallest') ? 'sparser masks have fewer multiply-adds' : skip;
  test(name, { skip: reason }, run);
}
// At no price it is the divergence alone, which is smallest there.
for (const { name, skip, run } of objectiveConformance(frugalKl.configure({ price: 0 })))
  test(`free: ${name}`, { skip }, run);

const initializer = { kind: 'constant', value: 1 } as const;
/** Says (3/4, 1/4) under a mask, and (1/4, 3/4) without one. */
const network: Network = {
  name: 'costly',
  input: { height: 1, width: 1, channels: 1 },
  classes: 2,
  parameters: [
    { name: 'kernel', shape: [2, 2], prunable: true, usesPerImage: 9, initializer },
    { name: 'matrix', shape: [2], prunable: true, usesPerImage: 1, initializer },
    { name: 'bias', shape: [100], prunable: false, usesPerImage: 1, initializer },
  ],
  forward: (_, __, { mask } = {}) => tf.tensor2d([mask ? [Math.log(3), 0] : [0, Math.log(3)]]),
};
const setting = () => ({
  network,
  parameters: {},
  batch: { images: tf.tensor4d([0], [1, 1, 1, 1]), labels: tf.tensor1d([0], 'int32') },
});
const mask = { kernel: [1, 0, 0.5, 0.5], matrix: [1, 0] };

test('is as by hand, with both terms', () => {
  const { value, fit, multiplyAdds } = numbersOf(frugalKl, setting, mask);
  // (3/4) ln 3 + (1/4) ln (1/3)
  near(fit, Math.log(3) / 2);
  // (9 · 2 + 1 · 1) / (9 · 4 + 1 · 2)
  near(multiplyAdds, 1 / 2);
  near(value, Math.log(3) / 2 + 1 / 2);
});

test('takes its price', () => {
  const { value } = numbersOf(frugalKl.configure({ price: 10 }), setting, mask);
  near(value, Math.log(3) / 2 + 5);
});

test('is the price at the dense network', () => {
  near(numbersOf(frugalKl, setting)['value'], 1);
});
