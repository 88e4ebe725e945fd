import type { Packing } from '@winnow/models';
import type { TicketProvenance } from '@winnow/plugin-api';
import { Ticket } from '@winnow/tickets';
import type { Scorer } from './scorer.ts';

export interface Rounds {
  readonly keep: Scorer['keep'];
  readonly prunable: Packing;
  readonly density: number;
  readonly rounds: number;
  /** Of what round n of N keeps, n from 1 to N − 1; κ^(n/N) unless given. */
  readonly densityAfter?: (round: number) => number;
  readonly provenance: TicketProvenance;
  /** Scores of a round, counted from 0, under what earlier rounds kept. */
  score(mask: Float32Array | undefined, round: number): Promise<Float32Array>;
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
): Promise<{ ticket: Ticket; scores: Float32Array }> {
  const { keep, prunable, density, rounds, provenance } = work;
  let { mask, round } = work.from ?? { mask: undefined, round: 0 };
  for (;;) {
    const scores = await work.score(mask, round);
    const sign = keep === 'largest' ? 1 : -1;
    const ranked = scores.map((score, i) => (mask && !mask[i] ? -Infinity : sign * score));
    round++;
    const between = work.densityAfter ?? ((n: number) => density ** (n / rounds));
    const share = round < rounds ? between(round) : density;
    const ticket = Ticket.keepLargest(prunable.views(ranked), share, provenance);
    if (round >= rounds) {
      const { layers } = ticket;
      return { ticket: mask ? new Ticket({ layers, provenance }) : ticket, scores };
    }
    mask = prunable.gather(ticket.layers);
    await work.after?.(mask, round);
  }
}
