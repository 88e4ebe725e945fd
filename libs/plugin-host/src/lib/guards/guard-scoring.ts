import { type Scoring, withFields } from '@winnow/plugin-api';
import { attempt, attemptAsync } from './attempt.ts';

/** What it throws is named. */
export function guardScoring(scoring: Scoring, title: string): Scoring {
  return withFields(scoring, {
    plan: (objective) => attempt(title, () => scoring.plan(objective)),
    score: (input) => attemptAsync(title, async () => scoring.score(input)),
  });
}
