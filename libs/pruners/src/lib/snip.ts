import { loss, objectiveRoad } from '@winnow/objectives';
import { defineScoring } from './scoring/define-scoring.ts';
import { saliencyScores } from './scoring/saliency-scores.ts';

/** SNIP (Lee et al., arXiv 1810.02340): the saliency of the cross-entropy. */
export const snip = defineScoring({
  name: 'snip',
  summary: 'keep the weights that the loss is most sensitive to',
  needs: ['examples'],
  road: (network) => objectiveRoad(network, loss),
  score: (input) => saliencyScores(loss, input),
});
