import * as tf from '@tensorflow/tfjs-core';
import { differentiateObjective, objectiveOn } from '@winnow/objectives';
import { type NamedTensors, type Objective, WinnowError, ofPlugin } from '@winnow/plugin-api';
import { downloadVector, uploadVector } from '@winnow/tensor-backend';
import type { Scorer, ScoringInput } from './scorer.ts';

const PERTURBATION = 0.06;
const LOWEST = 0.8;
const HIGHEST = 1.2;

/** The prunable parameters, or where the gradient there is rounding alone, a place beside them. */
function scoredAt(
  objective: Objective,
  { prunable, parameters, normals }: ScoringInput,
): Float32Array {
  const weights = prunable.pack(parameters);
  if (!objective.stationaryAtDense) return weights;
  const noise = normals();
  return weights.map(
    (w, i) => w * Math.min(HIGHEST, Math.max(LOWEST, 1 + PERTURBATION * noise[i]!)),
  );
}

/**
 * |θ ⊙ ∇_θ R| over the prunable weights, with ∇_θ R the mean over all examples. Of `loss` it is SNIP (Lee et al.,
 * arXiv 1810.02340). An objective that is stationary at the dense mask is scored at perturbed weights, against the
 * unperturbed dense network, as the authors of arXiv 2512.07142 do for `feature`.
 */
export function saliencyScorer(name: string, objective: Objective): Scorer {
  return {
    name,
    keep: 'largest',
    needsExamples: true,
    ...(objective.stationaryAtDense
      ? {
          notes: [
            `scored at weights times 1 + ${PERTURBATION} · N(0, 1) in [${LOWEST}, ${HIGHEST}]`,
          ],
        }
      : {}),
    score(input) {
      const { network, parameters, prunable, batches } = input;
      const at = scoredAt(objective, input);
      const scores = new Float32Array(prunable.size);
      const gradient = new Float32Array(prunable.size);
      let finite = true;
      const images = batches.reduce((sum, { labels }) => sum + labels.size, 0);
      for (const batch of batches) {
        tf.tidy(() => {
          const mask = input.mask && prunable.unpack(uploadVector(input.mask));
          const under = (vector: tf.Tensor1D) => {
            const own: NamedTensors = { ...parameters, ...prunable.unpack(vector) };
            return objectiveOn(network, own, batch, parameters)(objective, mask);
          };
          const result = differentiateObjective(objective, network, under, uploadVector(at));
          downloadVector(result.gradient, gradient);
          finite &&= Number.isFinite(result.value.dataSync()[0]);
        });
        const share = batch.labels.size / images;
        for (const [i, g] of gradient.entries()) scores[i]! += share * g;
      }
      for (const [i, g] of scores.entries()) scores[i] = Math.abs(at[i]! * g);
      if (!finite || !scores.every(Number.isFinite)) {
        throw new WinnowError(
          'NAN_SCORE',
          `The value or the gradient of objective "${objective.name}"${ofPlugin(objective)} is not finite.`,
          { hint: 'Look at its value with `winnow objective`, or score by another one.' },
        );
      }
      return scores;
    },
  };
}
