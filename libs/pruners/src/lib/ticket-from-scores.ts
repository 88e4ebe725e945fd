import type { Network, PrunerContext, TicketData } from '@winnow/plugin-api';
import { type Scores, Ticket, keptCount, shareOut } from '@winnow/tickets';
import { z } from 'zod';

/** The option of methods that rank weights once: what a weight is compared with. */
export const scope = z
  .enum(['global', 'layer', 'erk'])
  .default('global')
  .describe(
    'compare weights across all layers, or keep the same share of each layer, or shares after Erdős–Rényi-kernel',
  );

/**
 * Erdős–Rényi-kernel (Evci et al., arXiv 1911.11134, §3): a layer's share of weights goes with the sum of its shape over
 * the product.
 */
function erdosRenyi(shape: readonly number[]): number {
  return shape.reduce((sum, n) => sum + n, 0);
}

/** What a ticket says of where its scores come from; every `PrunerContext` has it. */
interface ScoredFor extends Pick<PrunerContext, 'density' | 'seed' | 'weightsHash'> {
  readonly network: Pick<Network, 'name'>;
}

/** The ticket of the largest scores: of the whole network, as large a share of every layer, or Erdős–Rényi-kernel shares. */
export function ticketFromScores(
  method: string,
  scores: Scores,
  within: z.output<typeof scope>,
  { density, seed, network, weightsHash }: ScoredFor,
): TicketData {
  const provenance = { method, density, seed, model: network.name, weightsHash };
  if (within === 'global') return Ticket.keepLargest(scores, density, provenance);
  const shares = new Map(
    [...scores].map(([name, { data, shape }]) => [
      name,
      { size: data.length, weight: within === 'erk' ? erdosRenyi(shape) : data.length },
    ]),
  );
  const size = [...shares.values()].reduce((sum, share) => sum + share.size, 0);
  const counts = shareOut(keptCount(density, size), shares);
  return Ticket.keepLargestPerLayer(scores, counts, provenance);
}
