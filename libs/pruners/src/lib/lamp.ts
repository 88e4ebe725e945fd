import { Packing } from '@winnow/models';
import { defineScoring } from './scoring/define-scoring.ts';

/** LAMP (Lee et al., arXiv 2010.07611): w² over the sum of the squares in its layer that are no smaller. */
export const lamp = defineScoring({
  name: 'lamp',
  summary: 'keep the weights that are large beside what is larger in their layer',
  score({ network, weights }) {
    const scores = weights.map((w) => w * w);
    for (const { data } of Packing.prunable(network).views(scores).values()) {
      const descending = Uint32Array.from(data.keys()).sort((a, b) => data[b]! - data[a]!);
      let sum = 0;
      // Where all of a layer is 0, so is its sum.
      for (const i of descending) data[i]! /= (sum += data[i]!) || 1;
    }
    return scores;
  },
});
