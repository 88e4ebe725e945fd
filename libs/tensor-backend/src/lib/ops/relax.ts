import type * as tf from '@tensorflow/tfjs-core';
import { runKernel } from '../kernels/array-kernel.ts';
import { RELAX, type RelaxAttributes } from '../kernels/relax.ts';

/**
 * A sample of the Concrete relaxation of a mask: sigmoid(ln(u/(1 − u))/temperature + α), u in (0, 1); shapes alike.
 * Differentiable with respect to α. Maddison et al., arXiv 1611.00712.
 */
export function relax(alpha: tf.Tensor1D, uniform: tf.Tensor1D, temperature: number): tf.Tensor1D {
  return runKernel(RELAX, { alpha, uniform }, { temperature } satisfies RelaxAttributes);
}
