import * as tf from '@tensorflow/tfjs-core';
import { gradientsWithin } from '../off-tape.ts';
import { runKernel } from '../kernels/array-kernel.ts';
import {
  BATCH_NORMALIZE,
  BATCH_NORMALIZE_GRAD,
  type BatchNormalizeAttributes,
} from '../kernels/batch-normalize.ts';

/** BATCH_NORMALIZE_GRAD in TensorFlow.js's own ops, which can be differentiated again. */
function composedGradient(
  dz: tf.Tensor,
  x: tf.Tensor,
  scale: tf.Tensor,
  epsilon: number,
): { dx: tf.Tensor; dscale: tf.Tensor; dshift: tf.Tensor } {
  const axes = x.shape.map((_, i) => i).slice(0, -1);
  const centred = tf.sub(x, tf.mean(x, axes, true));
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), axes, true), epsilon));
  const normalised = tf.mul(centred, inverse);
  const projected = tf.mul(normalised, tf.mean(tf.mul(dz, normalised), axes, true));
  return {
    dx: tf.mul(tf.mul(scale, inverse), tf.sub(tf.sub(dz, tf.mean(dz, axes, true)), projected)),
    dscale: tf.sum(tf.mul(dz, normalised), axes),
    dshift: tf.sum(dz, axes),
  };
}

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
      const { epsilon, relu } = attributes as unknown as BatchNormalizeAttributes;
      const open = relu ? tf.step(y) : undefined; // where the ReLU lets through
      const product = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(a, b));
      const [towardsDy, towardsX, towardsScale] = gradientsWithin(
        (...[dyIn, xIn, scaleIn]: tf.Tensor[]) => {
          const dz = open ? tf.mul(dyIn as tf.Tensor, open) : (dyIn as tf.Tensor);
          const g = composedGradient(dz, xIn as tf.Tensor, scaleIn as tf.Tensor, epsilon);
          const parts = [
            product(g.dx, ddx),
            product(g.dscale, ddscale),
            product(g.dshift, ddshift),
          ];
          if (ddresidual) parts.push(product(dz, ddresidual));
          return tf.addN(parts);
        },
        [dy, x, scale],
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
