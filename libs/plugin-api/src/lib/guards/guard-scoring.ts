import type { Scoring } from '../pruner.ts';
import { WinnowError } from '../winnow-error.ts';
import { attempt, withFields } from './attempt.ts';
import { tagOf } from './tag-of.ts';

/** What it throws is named; throws PLUGIN_FAILED where it does not give every prunable weight one score. */
export function guardScoring(scoring: Scoring, title: string): Scoring {
  return withFields(scoring, {
    plan: (objective) => attempt(title, () => scoring.plan(objective)),
    score(input) {
      const scores = attempt(title, () => scoring.score(input));
      const { length } = input.weights;
      if (tagOf(scores) === 'Float32Array' && scores.length === length) return scores;
      const shown =
        tagOf(scores) === 'Float32Array'
          ? `${scores.length} scores`
          : 'scores that are no Float32Array';
      throw new WinnowError('PLUGIN_FAILED', `${title} gave ${shown} for ${length} weights.`, {
        hint: 'Its score() must return a Float32Array with a number for each of `weights`, in order.',
      });
    },
  });
}
