import * as tf from '@tensorflow/tfjs-core';
import { valueAndGradient } from './value-and-gradient.ts';

/** ∇²f(x) · v of a scalar function, exactly, as the gradient of ⟨∇f, v⟩; x and v of the same length. */
export function hessianVectorProduct(
  f: (x: tf.Tensor1D) => tf.Tensor,
  x: tf.Tensor1D,
  v: tf.Tensor1D,
): tf.Tensor1D {
  const slope = tf.grad(f as (x: tf.Tensor) => tf.Tensor);
  return tf.tidy(() => valueAndGradient((at) => tf.sum(tf.mul(slope(at), v)), x).gradient);
}
