import { type Network, WinnowError } from '@winnow/plugin-api';
import { Budget, type Ticket, assertFits } from '@winnow/tickets';
import type { RunConfig } from './run-config.ts';

/**
 * Throws TICKET_MISMATCH or BAD_TICKET where a ticket that was read from `path` is not for a run's network, density and
 * start.
 */
export function assertMadeFor(
  ticket: Ticket,
  network: Network,
  { density, layerDensities }: RunConfig,
  weightsHash: string,
  path: string,
): void {
  assertFits(ticket, network);
  const missed = Budget.of(network, density, layerDensities).missedBy(ticket.counts);
  const hint = `Remove ${path} to search again.`;
  if (missed) throw new WinnowError('BAD_TICKET', `The ticket keeps ${missed}.`, { hint });
  if (ticket.provenance.weightsHash !== weightsHash) {
    throw new WinnowError(
      'TICKET_MISMATCH',
      'The ticket was found on other weights than this start point.',
      { hint },
    );
  }
}
