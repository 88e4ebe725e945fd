import { definePruner } from '@winnow/plugin-api';
import { z } from 'zod';
import { findByScores, scoringOptions } from './scoring/find-by-scores.ts';
import { saliencyScorer } from './scoring/saliency-scores.ts';

/** Saliency pruning of any objective (arXiv 2512.07142, Figure 1). */
export const saliency = definePruner({
  name: 'saliency',
  summary: 'keep the weights that an objective is most sensitive to',
  options: z.strictObject({
    objective: z.string().default('kl').describe('whose sensitivity scores the weights'),
    ...scoringOptions,
  }),
  findTicket(context, { objective: name, ...options }) {
    const objective = context.objective(name);
    const scorer = saliencyScorer('saliency', objective);
    return findByScores({ scorer, objective: objective.name, ...options }, context);
  },
});
