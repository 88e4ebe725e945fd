import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '@winnow/plugin-api';
import {
  crossEntropy,
  downloadVector,
  hessianVectorProduct,
  uploadVector,
  valueAndGradient,
} from '@winnow/tensor-backend';
import type { Scorer, ScoringInput } from './scorer.ts';

/** What logits are divided by. */
const TEMPERATURE = 200;

/** The loss of a batch at temperature T as a function of the packed prunable weights, under the mask so far. */
function lossOf({ network, parameters, prunable, mask }: ScoringInput, batch: Batch) {
  const masks = mask && { mask: prunable.unpack(uploadVector(mask)) };
  return (vector: tf.Tensor1D): tf.Scalar => {
    const own = { ...parameters, ...prunable.unpack(vector) };
    const logits = network.forward(own, batch.images, masks ?? {});
    return crossEntropy(tf.div(logits, TEMPERATURE), batch.labels);
  };
}

/** Adds `share` times what `compute` gives to `sum`. */
function accumulate(sum: Float32Array, share: number, compute: () => tf.Tensor1D): void {
  const part = new Float32Array(sum.length);
  tf.tidy(() => downloadVector(compute(), part));
  for (const [i, value] of part.entries()) sum[i]! += share * value;
}

/** Hg: the Hessian of the loss at temperature T, times its gradient; exact, by a gradient of a gradient. */
export function hessianGradient(input: ScoringInput): Float32Array {
  const { batches, prunable } = input;
  const images = batches.reduce((sum, { labels }) => sum + labels.size, 0);
  const weights = prunable.pack(input.parameters);
  const gradient = new Float32Array(prunable.size);
  for (const batch of batches)
    accumulate(
      gradient,
      batch.labels.size / images,
      () => valueAndGradient(lossOf(input, batch), uploadVector(weights)).gradient,
    );
  const product = new Float32Array(prunable.size);
  for (const batch of batches)
    accumulate(product, batch.labels.size / images, () =>
      hessianVectorProduct(lossOf(input, batch), uploadVector(weights), uploadVector(gradient)),
    );
  return product;
}

/**
 * GraSP (Wang et al., arXiv 2002.07376): −θ ⊙ Hg, of which the lowest stay: their removal would hurt the gradient's flow
 * most. `improved`, the variant of the authors of arXiv 2512.07142: the largest |θ ⊙ Hg| stay.
 */
export function graspScorer(improved: boolean): Scorer {
  return {
    name: 'grasp',
    keep: improved ? 'largest' : 'lowest',
    needsExamples: true,
    ...(improved ? { notes: ['improved: the largest |θ ⊙ Hg| were kept'] } : {}),
    score(input) {
      const weights = input.prunable.pack(input.parameters);
      return hessianGradient(input).map((h, i) =>
        improved ? Math.abs(weights[i]! * h) : -weights[i]! * h,
      );
    },
  };
}
