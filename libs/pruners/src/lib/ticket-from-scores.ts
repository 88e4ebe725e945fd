import type { PrunerContext, TicketData } from '@winnow/plugin-api';
import { type Scores, Ticket, keptCount, shareOut } from '@winnow/tickets';
import { z } from 'zod';

export const scope = z
  .enum(['global', 'layer'])
  .default('global')
  .describe('compare weights across all layers, or keep the same share of each layer');

/** The ticket of the largest scores: of the whole network, or as large a share of every layer. */
export function ticketFromScores(
  method: string,
  scores: Scores,
  within: z.output<typeof scope>,
  { density, seed, network, weightsHash }: PrunerContext,
): TicketData {
  const provenance = { method, density, seed, model: network.name, weightsHash };
  if (within === 'global') return Ticket.keepLargest(scores, density, provenance);
  const shares = new Map(
    [...scores].map(([name, { data }]) => [name, { size: data.length, weight: data.length }]),
  );
  const size = [...shares.values()].reduce((sum, share) => sum + share.size, 0);
  const counts = shareOut(keptCount(density, size), shares);
  return Ticket.keepLargestPerLayer(scores, counts, provenance);
}
