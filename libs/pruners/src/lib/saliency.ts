import { objectiveRoad } from '@winnow/objectives';
import { defineScoring } from './scoring/define-scoring.ts';
import { PERTURBED, saliencyScores } from './scoring/saliency-scores.ts';

/** Saliency pruning of any objective (arXiv 2512.07142, Figure 1). */
export const saliency = defineScoring({
  name: 'saliency',
  summary: 'keep the weights that an objective is most sensitive to',
  needs: ['objective', 'gradient', 'examples'],
  defaultObjective: 'kl',
  road: (network, objective) => objectiveRoad(network, objective!),
  notes: (_, objective) => (objective?.stationaryAtDense ? [PERTURBED] : []),
  score: (input) => saliencyScores(input.objective, input),
});
