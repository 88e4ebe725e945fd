import * as tf from '@tensorflow/tfjs-core';
import { Packing } from '@winnow/models';
import type { ScoringInput } from '@winnow/plugin-api';
import { valueAndGradient, vectors } from '@winnow/tensor-backend';

/** Beyond 2^±this, scores stay in units of their own. */
const TRUE_UNITS = 64;

/** SynFlow (Tanaka et al., arXiv 2006.05467): |θ ⊙ ∂R/∂θ| for the flow of ones through absolute weights; no data. */
export function synflowScores({
  network,
  parameters,
  weights,
  mask,
}: Pick<ScoringInput, 'network' | 'parameters' | 'weights' | 'mask'>): Float32Array {
  const prunable = Packing.prunable(network);
  const sizes = weights.map((w, i) => Math.abs(w) * (mask ? mask[i]! : 1));
  let gradients: Float32Array = new Float32Array(0);
  let exponent = 0;
  tf.tidy(() => {
    const others = Object.fromEntries(
      Object.entries(parameters).map(([name, values]) => [name, tf.abs(values)]),
    );
    const { gradient } = valueAndGradient((vector) => {
      const result = network.synapticFlow!({ ...others, ...prunable.unpack(vector) });
      exponent = result.exponent;
      return result.value;
    }, vectors().upload(sizes));
    gradients = vectors().download(gradient);
  });
  // The order is the same in any unit.
  const unit = Math.abs(exponent) <= TRUE_UNITS ? 2 ** exponent : 1;
  return gradients.map((g, i) => g * sizes[i]! * unit);
}
