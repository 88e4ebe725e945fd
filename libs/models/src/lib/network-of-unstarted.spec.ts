import { expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { networkOf } from './network-of.ts';

it('asks for a backend where none is started, in its own words', () => {
  expect(tf.getBackend()).toBeFalsy();
  const head = { shape: [3, 2], initializer: { kind: 'constant', value: 1 } } as const;
  const build = () =>
    networkOf(
      ({ head }, images) => tf.matMul(tf.mean<tf.Tensor2D>(images, [1, 2]), head),
      { head },
      {
        input: { height: 2, width: 2, channels: 3 },
        name: 'mine',
      },
    );
  expect(build).toThrow(expect.objectContaining({ code: 'BACKEND_NOT_STARTED' }));
  expect(build).toThrow("await startBackend('auto', backendsHere())");
});
