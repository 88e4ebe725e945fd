import * as tf from '@tensorflow/tfjs-core';
import { AFFINE, type AffineAttributes } from '../kernels/affine.ts';
import { runKernel } from '../kernels/array-kernel.ts';
import { BATCH_NORMALIZE, type BatchNormalizeAttributes } from '../kernels/batch-normalize.ts';

/** ε, added to the variance: PyTorch's default, which the authors keep. */
export const NORMALIZATION_EPSILON = 1e-5;

export interface NormalizeOptions {
  /** Added after the affine map and before the ReLU; shape of the input. */
  readonly residual?: tf.Tensor4D | undefined;
  readonly relu?: boolean | undefined;
  /** Added to the variance; `NORMALIZATION_EPSILON` when left out. */
  readonly epsilon?: number | undefined;
  /** [channels] each, in place of the batch's own. */
  readonly statistics?: { readonly mean: tf.Tensor1D; readonly variance: tf.Tensor1D } | undefined;
}

/**
 * Normalisation by the statistics of this batch (biased variance) or by given ones, its affine map, and perhaps
 * a residual sum and a ReLU, in one op: x [n, height, width, channels], scale and shift [channels] → as x. Throws where
 * these or the statistics are not of x's channels, or the residual is not of its shape.
 */
export function normalize(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  { residual, relu = false, epsilon = NORMALIZATION_EPSILON, statistics }: NormalizeOptions = {},
): tf.Tensor4D {
  const channels = x.shape.at(-1);
  for (const vector of [scale, shift, statistics?.mean, statistics?.variance])
    tf.util.assert(
      vector === undefined || vector.size === channels,
      () =>
        `normalize has ${channels} channels, and a scale, shift or statistics of ${vector!.size}.`,
    );
  if (residual)
    tf.util.assertShapesMatch(x.shape, residual.shape, 'normalize has another residual:');
  if (statistics) {
    const { mean, variance } = statistics;
    const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
    const offset = tf.sub(shift, tf.mul(mean, factor));
    const attributes: AffineAttributes = { relu };
    return runKernel(AFFINE, { x, factor, offset, residual }, attributes);
  }
  const attributes: BatchNormalizeAttributes = {
    epsilon,
    relu,
    hasResidual: residual !== undefined,
  };
  const outputs = runKernel<tf.Tensor4D[]>(
    BATCH_NORMALIZE,
    { x, scale, shift, residual },
    attributes,
  );
  return outputs[0] as tf.Tensor4D;
}
