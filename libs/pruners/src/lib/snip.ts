import { definePruner } from '@winnow/plugin-api';
import { z } from 'zod';
import { findByScores, scoringOptions } from './scoring/find-by-scores.ts';
import { saliencyScorer } from './scoring/saliency-scores.ts';

/** SNIP (Lee et al., arXiv 1810.02340): the saliency of the cross-entropy. */
export const snip = definePruner({
  name: 'snip',
  summary: 'keep the weights that the loss is most sensitive to',
  options: z.strictObject(scoringOptions),
  findTicket: (context, options) =>
    findByScores(
      { scorer: saliencyScorer('snip', context.objective('loss')), ...options },
      context,
    ),
});
