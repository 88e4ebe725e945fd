import * as tf from '@tensorflow/tfjs-core';
import { runKernel } from '../kernels/array-kernel.ts';
import { BATCH_NORMALIZE_GRAD_GRAD } from '../kernels/batch-normalize-grad-grad.ts';
import { BATCH_NORMALIZE, BATCH_NORMALIZE_GRAD } from '../kernels/batch-normalize.ts';

export const batchNormalizeGradients: readonly tf.GradConfig[] = [
  {
    kernelName: BATCH_NORMALIZE,
    inputsToSave: ['x', 'scale', 'shift'],
    outputsToSave: [true, true, true],
    gradFunc: (dys, saved, attributes) => {
      const [x, scale, shift, y, mean, inverse] = saved as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const [dy] = dys as tf.Tensor[];
      const [dx, dscale, dshift, dresidual] = runKernel<tf.Tensor[]>(
        BATCH_NORMALIZE_GRAD,
        { dy, x, y, mean, inverse, scale, shift },
        attributes,
      ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      return {
        x: () => dx,
        scale: () => dscale,
        shift: () => dshift,
        residual: () => dresidual,
      };
    },
  },
  {
    kernelName: BATCH_NORMALIZE_GRAD,
    inputsToSave: ['dy', 'x', 'y', 'mean', 'inverse', 'scale', 'shift'],
    gradFunc: (ddys, saved, attributes) => {
      const [dy, x, y, mean, inverse, scale, shift] = saved as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const [ddx, ddscale, ddshift, ddresidual] = ddys as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor | undefined,
      ];
      const [towardsDy, towardsX, towardsScale] = runKernel<tf.Tensor[]>(
        BATCH_NORMALIZE_GRAD_GRAD,
        { dy, x, y, mean, inverse, scale, shift, ddx, ddscale, ddshift, ddresidual },
        attributes,
      ) as [tf.Tensor, tf.Tensor, tf.Tensor];
      return {
        dy: () => towardsDy,
        x: () => towardsX,
        scale: () => towardsScale,
        // What the gradient owes to y, mean and inverse is counted above, as functions of x.
        y: () => tf.zerosLike(y),
        mean: () => tf.zerosLike(mean),
        inverse: () => tf.zerosLike(inverse),
        shift: () => tf.zerosLike(shift),
      };
    },
  },
];
