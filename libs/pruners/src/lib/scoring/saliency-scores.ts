import * as tf from '@tensorflow/tfjs-core';
import { ObjectivePrograms, differentiateObjective, objectiveOn } from '@winnow/objectives';
import { Packing } from '@winnow/models';
import { type Objective, type ScoringInput, WinnowError, ofPlugin } from '@winnow/plugin-api';
import { vectors } from '@winnow/tensor-backend';

const PERTURBATION = 0.06;
const LOWEST = 0.8;
const HIGHEST = 1.2;

/** What a reader of a ticket of perturbed weights should know. */
export const PERTURBED = `scored at weights times 1 + ${PERTURBATION} · N(0, 1) in [${LOWEST}, ${HIGHEST}]`;

/** The prunable parameters, or where the gradient there is rounding alone, a place beside them. */
function scoredAt(objective: Objective, { weights, random, round }: ScoringInput): Float32Array {
  if (!objective.stationaryAtDense) return weights;
  const noise = random('scoring-noise').normals(weights.length, round);
  return weights.map(
    (w, i) => w * Math.min(HIGHEST, Math.max(LOWEST, 1 + PERTURBATION * noise[i]!)),
  );
}

/** ∇_θ R at prunable weights, the mean over all examples, and whether R is finite on each batch. */
async function meanGradient(
  objective: Objective,
  at: Float32Array,
  { network, parameters, batches, heldOut, random, round, mask, nextTurn }: ScoringInput,
): Promise<{ readonly gradient: Float32Array; readonly finite: boolean }> {
  const prunable = Packing.prunable(network);
  const programs = ObjectivePrograms.of(network, parameters, [objective]);
  const mean = new Float32Array(prunable.size);
  let finite = true;
  const images = batches.reduce((sum, { labels }) => sum + labels.size, 0);
  try {
    for (const [i, batch] of batches.entries()) {
      await nextTurn();
      tf.tidy(() => {
        const bits = mask && vectors().upload(mask);
        const named = bits && prunable.unpack(bits);
        const under = (vector: tf.Tensor1D) =>
          objectiveOn({
            network,
            parameters: { ...parameters, ...prunable.unpack(vector) },
            denseParameters: parameters,
            denseLogits: programs?.dense,
            batch,
            step: round * batches.length + i,
            random,
            heldOut: heldOut[i],
            next: batches[(i + 1) % batches.length],
          })(objective, named, programs?.sparse(bits ? tf.mul(vector, bits) : vector));
        const result = differentiateObjective(objective, network, under, vectors().upload(at));
        finite &&= Number.isFinite(result.value);
        const share = batch.labels.size / images;
        for (const [i, g] of vectors().download(result.gradient).entries()) mean[i]! += share * g;
      });
    }
  } finally {
    programs?.dispose();
  }
  return { gradient: mean, finite };
}

/**
 * |θ ⊙ ∇_θ R| over the prunable weights, with ∇_θ R the mean over all examples. Of `loss` it is SNIP (Lee et al.,
 * arXiv 1810.02340). An objective that is stationary at the dense mask is scored at perturbed weights, against the
 * unperturbed dense network, as the authors of arXiv 2512.07142 do for `feature`. Throws NAN_SCORE, NO_GRADIENT, and what
 * `nextTurn` does, which it awaits before each batch.
 */
export async function saliencyScores(
  objective: Objective,
  input: ScoringInput,
): Promise<Float32Array> {
  const weights = scoredAt(objective, input);
  const { gradient, finite } = await meanGradient(objective, weights, input);
  const scores = gradient.map((g, i) => Math.abs(weights[i]! * g));
  const titled = `objective "${objective.name}"${ofPlugin(objective)}`;
  if (input.round === 0 && scores.every((score) => score === 0)) {
    throw new WinnowError('NO_GRADIENT', `Every weight scores 0 by ${titled}.`, {
      hint: 'The weights are 0, or the objective is flat: nothing tells which to keep.',
    });
  }
  if (finite && scores.every(Number.isFinite)) return scores;
  throw new WinnowError('NAN_SCORE', `The value or the gradient of ${titled} is not finite.`, {
    hint: 'Look at its value with `winnow objective`, or score by another one.',
  });
}
