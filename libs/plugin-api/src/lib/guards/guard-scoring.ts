import type { Scoring } from '../pruner.ts';
import { attempt, withFields } from './attempt.ts';

/** What it throws is named. */
export function guardScoring(scoring: Scoring, title: string): Scoring {
  return withFields(scoring, {
    plan: (objective) => attempt(title, () => scoring.plan(objective)),
    score: (input) => attempt(title, () => scoring.score(input)),
  });
}
