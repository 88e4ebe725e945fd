import type { Packing } from '@winnow/models';
import type { ScoringPlan, TicketData } from '@winnow/plugin-api';

export interface Rounds {
  readonly keep: ScoringPlan['keep'];
  readonly prunable: Packing;
  /** κ of the end. */
  readonly density: number;
  readonly rounds: number;
  /** Of what round n of N keeps, n from 1 to N − 1; κ^(n/N) unless given. */
  readonly densityAfter?: (round: number) => number;
  /** Scores of a round, counted from 0, under what earlier rounds kept. */
  score(mask: Float32Array | undefined, round: number): Promise<Float32Array>;
  /** The ticket of the largest ranks, by parameter; of κ where no other density is given. */
  keepLargest(ranks: ReturnType<Packing['views']>, density?: number): TicketData;
  /** Goes on from a mask that is the result of so many rounds. */
  readonly from?: { readonly mask: Float32Array; readonly round: number } | undefined;
  /** Called between rounds, with the number of those done. */
  after?(mask: Float32Array, round: number): Promise<void>;
}

/**
 * The ticket after all rounds, and the scores of the last. What one round removes, no later one brings back. The scores
 * of several rounds are no one ranking of all weights, and the ticket then carries none.
 */
export async function pruneByRounds(
  work: Rounds,
): Promise<{ ticket: TicketData; scores: Float32Array }> {
  const { keep, prunable, density, rounds } = work;
  const between = work.densityAfter ?? ((n: number) => density ** (n / rounds));
  let { mask, round } = work.from ?? { mask: undefined, round: 0 };
  for (;;) {
    const scores = await work.score(mask, round);
    const sign = keep === 'largest' ? 1 : -1;
    const ranks = scores.map((score, i) => (mask && !mask[i] ? -Infinity : sign * score));
    round++;
    const views = prunable.views(ranks);
    if (round >= rounds) {
      const ticket = work.keepLargest(views);
      const { layers, provenance } = ticket;
      return { ticket: mask ? { layers, provenance } : ticket, scores };
    }
    mask = prunable.gather(work.keepLargest(views, between(round)).layers);
    await work.after?.(mask, round);
  }
}
