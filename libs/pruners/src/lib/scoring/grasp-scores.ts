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
  'network' | 'parameters' | 'weights' | 'mask' | 'batches' | 'nextTurn'
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

/** The mean over all examples of what `compute` gives for a batch. */
async function meanOf(
  { batches, weights, nextTurn }: GraspInput,
  compute: (batch: Batch) => tf.Tensor1D,
): Promise<Float32Array> {
  const images = batches.reduce((sum, { labels }) => sum + labels.size, 0);
  const mean = new Float32Array(weights.length);
  for (const batch of batches) {
    await nextTurn();
    const share = batch.labels.size / images;
    tf.tidy(() => {
      const values = vectors().download(compute(batch));
      for (const [i, value] of values.entries()) mean[i]! += share * value;
    });
  }
  return mean;
}

/**
 * Hg: the Hessian of the loss at temperature T, times its gradient; exact, by a gradient of a gradient. Throws what
 * `nextTurn` does, which it awaits before each batch.
 */
export async function hessianGradient(input: GraspInput): Promise<Float32Array> {
  const weights = () => onDevice(input.weights);
  const gradient = await meanOf(
    input,
    (batch) => valueAndGradient(lossOf(input, batch), weights()).gradient,
  );
  return meanOf(input, (batch) =>
    hessianVectorProduct(lossOf(input, batch), weights(), onDevice(gradient)),
  );
}

/**
 * GraSP (Wang et al., arXiv 2002.07376): −θ ⊙ Hg, of which the lowest stay: their removal would hurt the gradient's flow
 * most. `improved`, the variant of the authors of arXiv 2512.07142: |θ ⊙ Hg|, of which the largest stay.
 */
export async function graspScores(input: GraspInput, improved: boolean): Promise<Float32Array> {
  const { weights } = input;
  const product = await hessianGradient(input);
  return product.map((h, i) => (improved ? Math.abs(weights[i]! * h) : -weights[i]! * h));
}
