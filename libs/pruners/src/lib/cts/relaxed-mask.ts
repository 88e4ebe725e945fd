import type * as tf from '@tensorflow/tfjs-core';
import { relax as relaxMask } from '@winnow/tensor-backend';

/** τ, fixed. */
export const TEMPERATURE = 2 / 3;

/**
 * A sample of the Concrete relaxation of the mask whose logits are α: m = sigmoid(ln(u/(1−u))/τ + α), with u ~ U(0,1);
 * shapes alike. arXiv 2512.07142, §4, after Maddison et al., arXiv 1611.00712.
 */
export function relax(logits: tf.Tensor1D, uniforms: tf.Tensor1D): tf.Tensor1D {
  return relaxMask(logits, uniforms, TEMPERATURE);
}
