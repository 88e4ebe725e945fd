import { defineScoring } from './scoring/define-scoring.ts';

/** Keeps weights by chance. */
export const random = defineScoring({
  name: 'random',
  summary: 'keep weights by chance',
  score: ({ weights, random, round }) => random('random-ticket').uniforms(weights.length, round),
});
