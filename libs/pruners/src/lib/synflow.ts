import { definePruner } from '@winnow/plugin-api';
import { z } from 'zod';
import { findByScores } from './scoring/find-by-scores.ts';
import { synflowScorer } from './scoring/synflow-scores.ts';

/** SynFlow (Tanaka et al., arXiv 2006.05467). */
export const synflow = definePruner({
  name: 'synflow',
  summary: 'keep what carries the flow of ones through the network; needs no data',
  options: z.strictObject({
    iterations: z
      .number()
      .int()
      .positive()
      .default(100)
      .describe('rounds of scoring and pruning; round n of N keeps κ^(n/N)'),
  }),
  findTicket: (context, options) => findByScores({ scorer: synflowScorer, ...options }, context),
});
