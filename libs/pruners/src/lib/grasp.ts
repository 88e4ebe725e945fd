import { definePruner } from '@winnow/plugin-api';
import { z } from 'zod';
import { findByScores, scoringOptions } from './scoring/find-by-scores.ts';
import { graspScorer } from './scoring/grasp-scores.ts';

/** GraSP (Wang et al., arXiv 2002.07376). */
export const grasp = definePruner({
  name: 'grasp',
  summary: "keep the weights whose removal would hurt the gradient's flow most",
  options: z.strictObject({
    improved: z
      .boolean()
      .default(false)
      .describe('keep the largest |θ ⊙ Hg|, as the authors of CTS do'),
    ...scoringOptions,
  }),
  findTicket: (context, { improved, ...options }) =>
    findByScores({ scorer: graspScorer(improved), ...options }, context),
});
