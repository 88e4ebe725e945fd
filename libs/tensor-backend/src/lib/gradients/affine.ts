import * as tf from '@tensorflow/tfjs-core';
import { AFFINE, type AffineAttributes } from '../kernels/affine.ts';

export const affineGradient: tf.GradConfig = {
  kernelName: AFFINE,
  inputsToSave: ['x', 'factor'],
  outputsToSave: [true], // only for where the ReLU was open, which has no slope
  gradFunc: (dys, saved, attributes) => {
    const [x, factor, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
    const { relu } = attributes as unknown as AffineAttributes;
    const dy = dys as tf.Tensor;
    const dz = relu ? tf.mul(dy, tf.step(y)) : dy;
    const axes = x.shape.map((_, i) => i).slice(0, -1);
    return {
      x: () => tf.mul(dz, factor),
      factor: () => tf.sum(tf.mul(dz, x), axes),
      offset: () => tf.sum(dz, axes),
      residual: () => dz,
    };
  },
};
