import * as tf from '@tensorflow/tfjs-core';
import { AFFINE, type AffineAttributes } from '../affine.ts';
import {
  BATCH_NORMALIZE,
  BATCH_NORMALIZE_GRAD,
  type BatchNormalizeAttributes,
} from '../batch-normalize.ts';
import type { ComposedKernel } from './composed-kernel.ts';
import { columnSums } from './webgpu-column-sums.ts';
import { runElementwise } from './webgpu-program.ts';

const COLUMN = 'let c = i % uniforms.columns;';

/** NaN, which is not less than 0, goes through. */
const reluOf = (value: string, relu: boolean) =>
  relu ? `select(${value}, 0.0, (${value}) < 0.0)` : value;

function sizesOf(x: tf.Tensor) {
  const columns = x.shape.at(-1)!;
  return { columns, rows: x.size / columns };
}

const given = (inputs: Record<string, tf.Tensor | undefined>) =>
  Object.fromEntries(Object.entries(inputs).filter(([, it]) => it)) as Record<string, tf.Tensor>;

/** See `batchNormalize`. */
const normalize: ComposedKernel<BatchNormalizeAttributes> = {
  name: BATCH_NORMALIZE,
  compute({ x, scale, shift, residual }, { epsilon, relu }) {
    const sizes = sizesOf(x!);
    const uniforms = { share: ['float32', 1 / sizes.rows], epsilon: ['float32', epsilon] } as const;
    const mean = columnSums({
      name: 'mean',
      inputs: { x: x! },
      ...sizes,
      uniforms,
      terms: ['x[i]'],
      finish: 'total * uniforms.share',
    });
    const inverse = columnSums({
      name: 'deviation',
      inputs: { x: x!, mean },
      ...sizes,
      uniforms,
      terms: ['(x[i] - mean[column]) * (x[i] - mean[column])'],
      finish: '1.0 / sqrt(total * uniforms.share + uniforms.epsilon)',
    });
    const y = runElementwise({
      name: `normalize-${relu}-${residual !== undefined}`,
      inputs: given({ x, mean, inverse, scale, shift, residual }),
      shape: x!.shape,
      uniforms: { columns: ['int32', sizes.columns] },
      statements: `${COLUMN} let v = (x[i] - mean[c]) * (inverse[c] * scale[c]) + shift[c]${residual ? ' + residual[i]' : ''};`,
      value: reluOf('v', relu),
    });
    return [y, tf.reshape(mean, [sizes.columns]), tf.reshape(inverse, [sizes.columns])];
  },
};

/** See `batchNormalizeGrad`. */
const normalizeGrad: ComposedKernel<BatchNormalizeAttributes> = {
  name: BATCH_NORMALIZE_GRAD,
  compute({ dy, x, y, mean, inverse, scale }, { relu, hasResidual }) {
    const sizes = sizesOf(x!);
    // A program's layout has what it reads alone.
    const shown = { dy: dy!, x: x!, mean: mean!, ...(relu && { y: y! }) };
    const slope = relu ? 'select(0.0, dy[i], y[i] > 0.0)' : 'dy[i]';
    const sums = columnSums({
      name: `slopes-${relu}`,
      inputs: shown,
      ...sizes,
      terms: [slope, `${slope} * (x[i] - mean[column])`],
    });
    const dx = runElementwise({
      name: `normalize-grad-${relu}`,
      inputs: { ...shown, inverse: inverse!, scale: scale!, sums },
      shape: x!.shape,
      uniforms: { columns: ['int32', sizes.columns], share: ['float32', 1 / sizes.rows] },
      statements: `${COLUMN}
        let along = (x[i] - mean[c]) * inverse[c] * inverse[c] * sums[uniforms.columns + c];`,
      value: `scale[c] * inverse[c] * (${slope} - (sums[c] + along) * uniforms.share)`,
    });
    const [dshift, products] = tf.unstack(sums) as [tf.Tensor, tf.Tensor];
    const found = [dx, tf.mul(products, inverse!), dshift];
    if (!hasResidual) return found;
    const dz = relu
      ? runElementwise({
          name: 'behind-relu',
          inputs: { dy: dy!, y: y! },
          shape: x!.shape,
          value: slope,
        })
      : tf.clone(dy!);
    return [...found, dz];
  },
};

/** See `affineKernel`. */
const affine: ComposedKernel<AffineAttributes> = {
  name: AFFINE,
  compute: ({ x, factor, offset, residual }, { relu }) =>
    runElementwise({
      name: `affine-${relu}-${residual !== undefined}`,
      inputs: given({ x, factor, offset, residual }),
      shape: x!.shape,
      uniforms: { columns: ['int32', x!.shape.at(-1)!] },
      statements: `${COLUMN} let v = x[i] * factor[c] + offset[c]${residual ? ' + residual[i]' : ''};`,
      value: reluOf('v', relu),
    }),
};

export const webgpuNormalization = [normalize, normalizeGrad, affine];
