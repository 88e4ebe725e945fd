import * as tf from '@tensorflow/tfjs-core';
import { runKernel } from '../kernels/array-kernel.ts';
import { type PoolAttributes, poolGeometry } from '../kernels/max-pool-gather.ts';
import { assertRoundsDown } from './rounds-down.ts';

/** For each place along one axis, the share of the window that lies on the image. */
export function shares(
  places: number,
  size: number,
  window: number,
  stride: number,
  before: number,
) {
  return Float32Array.from({ length: places }, (_, i) => {
    const start = i * stride - before;
    return (Math.min(size, start + window) - Math.max(0, start)) / window;
  });
}

/**
 * [outHeight, outWidth, 1]: the share of each window that lies on the image. AvgPool divides by the pixels there, but
 * AvgPoolGrad by those of the whole window; except on `tensorflow`, whose AvgPoolGrad clips the window before it divides
 * (tensorflow/core/kernels/avgpooling_op.cc), but for padding in numbers, which goes to TensorFlow.js's there.
 */
function shareInside(x: tf.Tensor, attributes: PoolAttributes): tf.Tensor {
  if (tf.getBackend() === 'tensorflow' && typeof attributes.pad === 'string') return tf.scalar(1);
  const at = poolGeometry(x.shape, attributes);
  const { top, left } = at.padInfo;
  const rows = shares(at.outHeight, at.inHeight, at.filterHeight, at.strideHeight, top);
  const columns = shares(at.outWidth, at.inWidth, at.filterWidth, at.strideWidth, left);
  return tf.mul(tf.tensor(rows, [rows.length, 1, 1]), tf.tensor(columns, [columns.length, 1]));
}

const windowOf = ({ filterSize, strides, pad }: PoolAttributes) => ({ filterSize, strides, pad });

/** The average of each window's pixels, and what spreads it back over them: each is linear, and the other's gradient. */
export const averagePoolGradients: readonly tf.GradConfig[] = [
  {
    kernelName: tf.AvgPool,
    inputsToSave: ['x'],
    gradFunc: (dy, saved, attributes) => {
      const input = saved[0] as tf.Tensor;
      const window = windowOf(attributes as unknown as PoolAttributes);
      return {
        x: () => {
          assertRoundsDown(tf.AvgPool, attributes);
          const weighted = tf.div(dy as tf.Tensor, shareInside(input, window));
          return runKernel(tf.AvgPoolGrad, { dy: weighted, input }, window);
        },
      };
    },
  },
  {
    kernelName: tf.AvgPoolGrad,
    inputsToSave: ['input'],
    gradFunc: (ddx, saved, attributes) => {
      const input = saved[0] as tf.Tensor;
      const window = windowOf(attributes as unknown as PoolAttributes);
      const x = ddx as tf.Tensor;
      return {
        dy: () =>
          tf.mul(
            runKernel<tf.Tensor>(tf.AvgPool, { x }, { ...window, dimRoundingMode: undefined }),
            shareInside(input, window),
          ),
        input: () => tf.zerosLike(input),
      };
    },
  },
];
