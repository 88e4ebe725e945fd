import { type Scoring, WinnowError, withFields } from '@winnow/plugin-api';
import { attempt, attemptAsync } from './attempt.ts';

/** What it throws is named. Throws PLUGIN_FAILED where it is none. */
export function guardScoring(scoring: Scoring, title: string): Scoring {
  const { plan, score } = (scoring ?? {}) as Partial<Scoring>;
  if (typeof plan !== 'function' || typeof score !== 'function') {
    throw new WinnowError(
      'PLUGIN_FAILED',
      `${title} returned no plan() and score() from scoring().`,
      {
        hint: 'Make it by defineScoring of @winnow/pruners.',
      },
    );
  }
  return withFields(scoring, {
    plan: (objective) => attempt(title, () => scoring.plan(objective)),
    score: (input) => attemptAsync(title, async () => scoring.score(input)),
  });
}
