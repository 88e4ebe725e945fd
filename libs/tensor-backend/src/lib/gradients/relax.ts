import * as tf from '@tensorflow/tfjs-core';
import { runKernel } from '../kernels/array-kernel.ts';
import { RELAX } from '../kernels/relax.ts';

export const relaxGradient: tf.GradConfig = {
  kernelName: RELAX,
  inputsToSave: ['alpha', 'uniform'],
  gradFunc: (dy, saved, attributes) => {
    const [alpha, uniform] = saved as [tf.Tensor, tf.Tensor];
    return {
      alpha: () => {
        const mask = runKernel<tf.Tensor>(RELAX, { alpha, uniform }, attributes);
        return tf.mul(dy as tf.Tensor, tf.mul(mask, tf.sub(1, mask)));
      },
      // Noise is a constant.
      uniform: () => tf.zerosLike(uniform),
    };
  },
};
