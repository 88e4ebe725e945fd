import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { runKernel } from '../kernels/array-kernel.ts';
import { BATCH_NORMALIZE, type BatchNormalizeAttributes } from '../kernels/batch-normalize.ts';

/** PyTorch's default, which the authors keep. */
/** ε, added to the variance. */
export const NORMALIZATION_EPSILON = 1e-5;

export interface NormalizeOptions {
  /** Added after the affine map and before the ReLU; shape of the input. */
  readonly residual?: Tensor4D | undefined;
  readonly relu?: boolean | undefined;
}

/**
 * Normalisation by the statistics of this batch (biased variance, ε = 1e-5), its affine map, and perhaps a residual sum
 * and a ReLU, in one op: x [n, height, width, channels], scale and shift [channels] → as x.
 */
export function normalize(
  x: Tensor4D,
  scale: Tensor1D,
  shift: Tensor1D,
  { residual, relu = false }: NormalizeOptions = {},
): Tensor4D {
  const attributes: BatchNormalizeAttributes = {
    epsilon: NORMALIZATION_EPSILON,
    relu,
    hasResidual: residual !== undefined,
  };
  const outputs = runKernel<Tensor4D[]>(BATCH_NORMALIZE, { x, scale, shift, residual }, attributes);
  return outputs[0] as Tensor4D;
}
