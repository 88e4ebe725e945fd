import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { backendsHere } from '../backends/backends-here.ts';
import { conv } from './conv.ts';

describe.each(backendsHere())('convolution in groups on $name', (backend) => {
  beforeAll(() => backend.start());

  it('sees each channel by itself, with a kernel for each output', () => {
    // One row of three pixels with the channels (1, 10), (2, 20), (3, 30), and a zero on each side.
    const images = tf.tensor4d([1, 10, 2, 20, 3, 30], [1, 1, 3, 2]);
    // Outputs 0 and 1 are of channel 0, outputs 2 and 3 of channel 1.
    const kernel = tf.tensor4d([1, 2, 0, -1, 1, 1, 5, 0], [4, 1, 1, 2]);
    const padding = { top: 0, bottom: 0, left: 1, right: 1 };
    const forward = (x: tf.Tensor, k: tf.Tensor) =>
      conv(x as tf.Tensor4D, k as tf.Tensor4D, { stride: 1, padding, groups: 2 });
    expect(forward(images, kernel).arraySync()).toEqual([
      [
        [
          [2, -1, 10, 0],
          [5, -2, 30, 50],
          [8, -3, 50, 100],
          [3, 0, 30, 150],
        ],
      ],
    ]);
    // Of the sum of all outputs: each pixel is seen by both weights, each weight by all pixels.
    const [dx, dk] = tf.grads((x, k) => tf.sum(forward(x, k)))([images, kernel]);
    expect(dx!.dataSync()).toEqual(Float32Array.of(2, 7, 2, 7, 2, 7));
    expect(dk!.dataSync()).toEqual(Float32Array.of(6, 6, 6, 6, 60, 60, 60, 60));
  });

  it('refuses a kernel of other channels or groups', () => {
    const images = tf.ones<tf.Rank.R4>([1, 1, 3, 4]);
    const given = (inputs: number, groups: number) => () =>
      conv(images, tf.ones([4, inputs, 1, 1]), { stride: 1, padding: 0, groups });
    expect(given(1, 2)).toThrow(
      'conv has images of 4 channels, and a kernel of 2 groups of 1 inputs.',
    );
    expect(given(1, 4)().shape).toEqual([1, 1, 3, 4]);
    expect(given(2, 4)).toThrow('4 groups of 2 inputs');
    expect(given(3, 1)).toThrow('1 groups of 3 inputs');
  });

  it('sees groups of channels, as so many convolutions', () => {
    const images = tf.tensor4d([1, 2, 3, 4], [1, 1, 1, 4]);
    const kernel = tf.tensor4d([1, 10, 2, 20, 3, 30, 4, 40], [4, 2, 1, 1]);
    const y = conv(images, kernel, { stride: 1, padding: 0, groups: 2 });
    // 1 + 20, 2 + 40, 9 + 120, 12 + 160
    expect([...y.dataSync()]).toEqual([21, 42, 129, 172]);
  });
});
