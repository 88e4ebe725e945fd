import { type WelchTest, welchTest } from '../statistics/welch-test.ts';

/**
 * `passed`: the ticket is better than its ablation by more than chance, the whole interval lying above 0. `no-difference`:
 * the interval holds 0. `worse`: it lies below.
 */
export type Verdict = 'passed' | 'no-difference' | 'worse';

/** Judges accuracies of a ticket, a seed each, against those of an ablation. */
export function judge(
  ticket: readonly number[],
  ablation: readonly number[],
): WelchTest & { readonly verdict: Verdict } {
  const test = welchTest(ticket, ablation);
  const [low, high] = test.interval;
  return { verdict: low > 0 ? 'passed' : high < 0 ? 'worse' : 'no-difference', ...test };
}
