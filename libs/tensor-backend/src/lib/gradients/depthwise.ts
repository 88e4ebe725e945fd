import * as tf from '@tensorflow/tfjs-core';
import { convolutionGradient, towardsFilter, towardsImages } from './linear-maps.ts';

/** 1 where both channels are the same: [1, channels, channels, 1] */
const sameChannel = (channels: number) =>
  tf.reshape<tf.Rank.R4>(tf.eye(channels), [1, channels, channels, 1]);

/**
 * The gradient of a depthwise convolution, as that of the convolution whose filter [height, width, in, in · multiplier] is 0
 * between different channels: right to any order and on every backend, at the price of that convolution.
 */
export const depthwiseGradient: tf.GradConfig = convolutionGradient(
  tf.DepthwiseConv2dNative,
  ['x', 'filter'],
  (dy, [x, filter], attributes) => {
    const [height, width, channels, multiplier] = filter.shape as [number, number, number, number];
    const dense: [number, number, number, number] = [
      height,
      width,
      channels,
      channels * multiplier,
    ];
    const places = height * width;
    return {
      x: () => {
        const apart = tf.reshape(filter, [places, channels, 1, multiplier]);
        const between = tf.reshape(tf.mul(apart, sameChannel(channels)), dense);
        return towardsImages(dy, between, x.shape, attributes);
      },
      filter: () => {
        const between = tf.reshape(towardsFilter(x, dy, dense, attributes), [
          places,
          channels,
          channels,
          multiplier,
        ]);
        return tf.reshape(tf.sum(tf.mul(between, sameChannel(channels)), 2), filter.shape);
      },
    };
  },
);
