import { defineScoring } from './scoring/define-scoring.ts';

/** Keeps the weights of the largest magnitude at the start point. */
export const magnitude = defineScoring({
  name: 'magnitude',
  summary: 'keep the largest weights of the start point',
  score: ({ weights }) => weights.map(Math.abs),
});
