import * as tf from '@tensorflow/tfjs-core';
import { Packing } from '@winnow/models';
import type { Batch, ScoringInput } from '@winnow/plugin-api';
import {
  crossEntropy,
  hessianVectorProduct,
  valueAndGradient,
  vectors,
} from '@winnow/tensor-backend';

/** What logits are divided by. */
const TEMPERATURE = 200;

export type GraspInput = Pick<
  ScoringInput,
  'network' | 'parameters' | 'weights' | 'mask' | 'batches'
>;

const onDevice = (values: Float32Array) => vectors().upload(values);

/** The loss of a batch at temperature T as a function of the packed prunable weights, under the mask so far. */
function lossOf({ network, parameters, mask }: GraspInput, batch: Batch) {
  const prunable = Packing.prunable(network);
  const masks = mask && { mask: prunable.unpack(onDevice(mask)) };
  return (vector: tf.Tensor1D): tf.Scalar => {
    const own = { ...parameters, ...prunable.unpack(vector) };
    const logits = network.forward(own, batch.images, masks ?? {});
    return crossEntropy(tf.div(logits, TEMPERATURE), batch.labels);
  };
}

/** Adds `share` times what `compute` gives to `sum`. */
function accumulate(sum: Float32Array, share: number, compute: () => tf.Tensor1D): void {
  tf.tidy(() => {
    for (const [i, value] of vectors().download(compute()).entries()) sum[i]! += share * value;
  });
}

/** Hg: the Hessian of the loss at temperature T, times its gradient; exact, by a gradient of a gradient. */
export function hessianGradient(input: GraspInput): Float32Array {
  const { batches, weights } = input;
  const images = batches.reduce((sum, { labels }) => sum + labels.size, 0);
  const gradient = new Float32Array(weights.length);
  for (const batch of batches)
    accumulate(
      gradient,
      batch.labels.size / images,
      () => valueAndGradient(lossOf(input, batch), onDevice(weights)).gradient,
    );
  const product = new Float32Array(weights.length);
  for (const batch of batches)
    accumulate(product, batch.labels.size / images, () =>
      hessianVectorProduct(lossOf(input, batch), onDevice(weights), onDevice(gradient)),
    );
  return product;
}

/**
 * GraSP (Wang et al., arXiv 2002.07376): −θ ⊙ Hg, of which the lowest stay: their removal would hurt the gradient's flow
 * most. `improved`, the variant of the authors of arXiv 2512.07142: |θ ⊙ Hg|, of which the largest stay.
 */
export function graspScores(input: GraspInput, improved: boolean): Float32Array {
  const { weights } = input;
  return hessianGradient(input).map((h, i) =>
    improved ? Math.abs(weights[i]! * h) : -weights[i]! * h,
  );
}
