import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { backendsHere } from '../backends/backends-here.ts';

type Convolve = (x: tf.Tensor4D, filter: tf.Tensor4D, strides: number) => tf.Tensor;

const CONVOLUTIONS: Record<string, Convolve> = {
  conv2d: (x, filter, strides) => tf.conv2d(x, filter, strides, 'same'),
  depthwiseConv2d: (x, filter, strides) => tf.depthwiseConv2d(x, filter, strides, 'same'),
  'fused.conv2d': (x, filter, strides) =>
    tf.fused.conv2d({ x, filter, strides, pad: 'same', activation: 'relu' }),
  'fused.depthwiseConv2d': (x, filter, strides) =>
    tf.fused.depthwiseConv2d({ x, filter, strides, pad: 'same', activation: 'relu' }),
};

type Case = [filter: number[][], stride: number, expected: number[][]];

/** Of the image 1 2 3 4 / 5 6 7 8 / 9 10 11 12 / 13 14 15 16. */
const CASES: Case[] = [
  [
    [[1, 100]],
    2,
    [
      [201, 403],
      [1009, 1211],
    ],
  ],
  [
    [[1], [100]],
    2,
    [
      [501, 703],
      [1309, 1511],
    ],
  ],
  // Needs one pixel, and TensorFlow puts it at the end.
  [
    [[1, 10, 100]],
    2,
    [
      [321, 43],
      [1209, 131],
    ],
  ],
  [
    [
      [1, 0],
      [0, 100],
    ],
    2,
    [
      [601, 803],
      [1409, 1611],
    ],
  ],
  [
    [
      [1, 10],
      [100, 1000],
    ],
    4,
    [[6521]],
  ],
];

describe.each(backendsHere())('convolution with "same" on $name', (backend) => {
  beforeAll(() => backend.start());

  it.each(Object.entries(CONVOLUTIONS))('%s pads as TensorFlow does', (_, convolve) => {
    const image = tf.reshape<tf.Rank.R4>(tf.range(1, 17), [1, 4, 4, 1]);
    for (const [filter, stride, expected] of CASES) {
      const shape = [filter.length, filter[0]!.length, 1, 1] as const;
      const kernel = tf.tensor4d(filter.flat(), [...shape]);
      expect([...convolve(image, kernel, stride).dataSync()]).toEqual(expected.flat());
    }
  });
});
