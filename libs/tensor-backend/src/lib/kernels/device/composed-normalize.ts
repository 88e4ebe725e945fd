import * as tf from '@tensorflow/tfjs-core';
import { AFFINE, type AffineAttributes } from '../affine.ts';
import {
  BATCH_NORMALIZE,
  BATCH_NORMALIZE_GRAD,
  type BatchNormalizeAttributes,
} from '../batch-normalize.ts';
import { BATCH_NORMALIZE_GRAD_GRAD } from '../batch-normalize-grad-grad.ts';
import type { ComposedKernel } from './composed-kernel.ts';

// Sums are in float32, by the backend's own trees; deviations are taken from the mean before they are squared, since
// E[x²] − E[x]² would lose the digits that float32 has.

/** x [..., channels] as [rows, channels], and how many rows. */
function rowsOf(x: tf.Tensor): [tf.Tensor2D, number] {
  const channels = x.shape.at(-1)!;
  const rows = x.size / channels;
  return [tf.reshape(x, [rows, channels]), rows];
}

/** What comes towards x where the ReLU that made y was open. */
const behindRelu = (dy: tf.Tensor, y: tf.Tensor, relu: boolean) =>
  relu ? tf.mul(dy, tf.cast(tf.greater(y, 0), 'float32')) : tf.clone(dy);

/** By mean and inverse deviation; see `batchNormalize`. */
const normalize: ComposedKernel<BatchNormalizeAttributes> = {
  name: BATCH_NORMALIZE,
  compute({ x, scale, shift, residual }, { epsilon, relu }) {
    const [matrix] = rowsOf(x!);
    const mean = tf.mean(matrix, 0);
    const centred = tf.sub(matrix, mean);
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 0), epsilon));
    let y = tf.add(tf.mul(centred, tf.mul(inverse, scale!)), shift!);
    y = tf.reshape(y, x!.shape);
    if (residual) y = tf.add(y, residual);
    return [relu ? tf.relu(y) : y, mean, inverse];
  },
};

/** See `batchNormalizeGrad`. */
const normalizeGrad: ComposedKernel<BatchNormalizeAttributes> = {
  name: BATCH_NORMALIZE_GRAD,
  compute({ dy, x, y, mean, inverse, scale }, { relu, hasResidual }) {
    const dz = behindRelu(dy!, y!, relu);
    const [slopes, rows] = rowsOf(dz);
    const centred = tf.sub(rowsOf(x!)[0], mean!);
    const sums = tf.sum(slopes, 0);
    const products = tf.sum(tf.mul(slopes, centred), 0);
    const factor = tf.mul(scale!, inverse!);
    const slope = tf.div(tf.mul(tf.mul(factor, tf.square(inverse!)), products), -rows);
    const constant = tf.div(tf.mul(factor, sums), -rows);
    const dx = tf.add(tf.add(tf.mul(slopes, factor), tf.mul(centred, slope)), constant);
    const found = [tf.reshape(dx, x!.shape), tf.mul(products, inverse!), sums];
    return hasResidual ? [...found, dz] : found;
  },
};

/** See `batchNormalizeGradGrad`, whose coefficients these are. */
const normalizeGradGrad: ComposedKernel<BatchNormalizeAttributes> = {
  name: BATCH_NORMALIZE_GRAD_GRAD,
  compute({ dy, x, y, mean, inverse, scale, ddx, ddscale, ddshift, ddresidual }, { relu }) {
    const [z, n] = rowsOf(behindRelu(dy!, y!, relu));
    const [a] = rowsOf(ddx!);
    const v = inverse!;
    const normal = tf.mul(tf.sub(rowsOf(x!)[0], mean!), v);
    const f = tf.mul(scale!, v);
    const meanOf = (values: tf.Tensor) => tf.mean(values, 0);
    const [meanA, meanZ] = [meanOf(a), meanOf(z)];
    const [A, P] = [meanOf(tf.mul(a, normal)), meanOf(tf.mul(z, normal))];
    const covariance = meanOf(tf.mul(tf.sub(a, meanA), tf.sub(z, meanZ)));
    const D = tf.mul(tf.sub(covariance, tf.mul(A, P)), n);
    // Towards dy: f(a − ā − A x̂) + b x̂ + c, and what comes by the residual.
    const towardsZ = tf.add(
      tf.add(tf.mul(tf.sub(a, meanA), f), tf.mul(normal, tf.sub(ddscale!, tf.mul(f, A)))),
      ddshift!,
    );
    const joined = ddresidual ? tf.add(towardsZ, rowsOf(ddresidual)[0]) : towardsZ;
    const shaped = tf.reshape(joined, x!.shape);
    // Towards x̂, G = b z − f(A z + P a); towards x, v(G − Ḡ − x̂ mean(G x̂) − x̂ f D / n).
    const G = tf.sub(tf.mul(z, tf.sub(ddscale!, tf.mul(f, A))), tf.mul(a, tf.mul(f, P)));
    const along = tf.add(meanOf(tf.mul(G, normal)), tf.div(tf.mul(f, D), n));
    const towardsX = tf.mul(tf.sub(tf.sub(G, meanOf(G)), tf.mul(normal, along)), v);
    return [behindRelu(shaped, y!, relu), tf.reshape(towardsX, x!.shape), tf.mul(v, D)];
  },
};

/** See `affineKernel`. */
const affine: ComposedKernel<AffineAttributes> = {
  name: AFFINE,
  compute({ x, factor, offset, residual }, { relu }) {
    let y = tf.add(tf.mul(x!, factor!), offset!);
    if (residual) y = tf.add(y, residual);
    return relu ? tf.relu(y) : y;
  },
};

export const composedNormalization = [normalize, normalizeGrad, normalizeGradGrad, affine];
