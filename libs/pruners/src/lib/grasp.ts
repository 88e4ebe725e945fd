import { objectiveRoad } from '@winnow/objectives';
import * as z from 'zod';
import { defineScoring } from './scoring/define-scoring.ts';
import { graspScores } from './scoring/grasp-scores.ts';

/** GraSP (Wang et al., arXiv 2002.07376). */
export const grasp = defineScoring({
  name: 'grasp',
  summary: "keep the weights whose removal would hurt the gradient's flow most",
  needs: ['examples', 'second-derivatives'],
  road: (network) => objectiveRoad(network, { needs: ['second-derivatives'] }),
  options: z.strictObject({
    improved: z
      .boolean()
      .default(false)
      .describe('keep the largest |θ ⊙ Hg|, as the authors of CTS do'),
  }),
  keep: ({ improved }) => (improved ? 'largest' : 'lowest'),
  notes: ({ improved }) => (improved ? ['improved: the largest |θ ⊙ Hg| were kept'] : []),
  score: (input, { improved }) => graspScores(input, improved),
});
