import * as tf from '@tensorflow/tfjs-core';
import { WinnowError } from '@winnow/plugin-api';
import { downloadVector, uploadVector, valueAndGradient } from '@winnow/tensor-backend';
import type { Scorer } from './scorer.ts';

/** Beyond 2^±this, scores stay in units of their own. */
const TRUE_UNITS = 64;

/** SynFlow (Tanaka et al., arXiv 2006.05467): |θ ⊙ ∂R/∂θ| for the flow of ones through absolute weights; no data. */
export const synflowScorer: Scorer = {
  name: 'synflow',
  keep: 'largest',
  needsExamples: false,
  score({ network, parameters, prunable, mask }) {
    if (!network.synapticFlow) {
      throw new WinnowError('UNSUPPORTED_MODEL', `SynFlow cannot read "${network.name}".`, {
        hint: 'Choose another method, or a model that offers `synapticFlow`.',
      });
    }
    const flow = network.synapticFlow.bind(network);
    const weights = prunable.pack(parameters).map((w, i) => Math.abs(w) * (mask ? mask[i]! : 1));
    const scores = new Float32Array(prunable.size);
    let exponent = 0;
    tf.tidy(() => {
      const others = Object.fromEntries(
        Object.entries(parameters).map(([name, values]) => [name, tf.abs(values)]),
      );
      const { gradient } = valueAndGradient((vector) => {
        const result = flow({ ...others, ...prunable.unpack(vector) });
        exponent = result.exponent;
        return result.value;
      }, uploadVector(weights));
      downloadVector(gradient, scores);
    });
    // The order is the same in any unit.
    const unit = Math.abs(exponent) <= TRUE_UNITS ? 2 ** exponent : 1;
    return scores.map((g, i) => g * weights[i]! * unit);
  },
};
