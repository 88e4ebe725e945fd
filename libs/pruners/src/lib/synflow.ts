import { defineScoring } from './scoring/define-scoring.ts';
import { synflowScores } from './scoring/synflow-scores.ts';

/** SynFlow (Tanaka et al., arXiv 2006.05467). */
export const synflow = defineScoring({
  name: 'synflow',
  summary: 'keep what carries the flow of ones through the network; needs no data',
  needs: ['synaptic-flow'],
  iterations: 100,
  score: synflowScores,
});
