import { type Network, WinnowError } from '@winnow/plugin-api';
import { type Ticket, assertFits, assertKeeps } from '@winnow/tickets';
import type { RunConfig } from './run-config.ts';

/** Throws TICKET_MISMATCH or BAD_TICKET where a run's ticket, which lies at `path`, is not for its network, density and start. */
export function assertMadeFor(
  ticket: Ticket,
  network: Network,
  { density }: RunConfig,
  weightsHash: string,
  path: string,
): void {
  assertFits(ticket, network);
  assertKeeps(ticket, density);
  if (ticket.provenance.weightsHash !== weightsHash) {
    throw new WinnowError(
      'TICKET_MISMATCH',
      'The ticket was found on other weights than this start point.',
      { hint: `Remove ${path} to search again.` },
    );
  }
}
