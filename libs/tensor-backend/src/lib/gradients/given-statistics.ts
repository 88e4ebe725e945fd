import * as tf from '@tensorflow/tfjs-core';
import { sumTo } from './elementwise.ts';

/** Of `tf.batchNorm`, which normalises by the mean and variance that it is given; they may be [channels] or shaped as x. */
export const givenStatisticsGradient: tf.GradConfig = {
  kernelName: tf.FusedBatchNorm,
  inputsToSave: ['x', 'mean', 'variance', 'scale'],
  gradFunc: (dys, saved, attributes) => {
    const dy = dys as tf.Tensor;
    const [x, mean, variance, scale] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const { varianceEpsilon } = attributes as unknown as { varianceEpsilon: number };
    const inverse = tf.rsqrt(tf.add(variance, varianceEpsilon));
    const centred = tf.sub(x, mean);
    const scaled = tf.mul(dy, tf.mul(scale, inverse));
    return {
      x: () => scaled,
      mean: () => sumTo(tf.neg(scaled), mean.shape),
      variance: () =>
        sumTo(tf.mul(tf.mul(scaled, centred), tf.mul(-0.5, tf.square(inverse))), variance.shape),
      scale: () => sumTo(tf.mul(tf.mul(dy, centred), inverse), scale.shape),
      offset: () => sumTo(dy, scale.shape),
    };
  },
};
