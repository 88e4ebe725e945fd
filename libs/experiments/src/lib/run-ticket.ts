import { type Network, WinnowError } from '@winnow/plugin-api';
import { type Ticket, assertFits, keptCount } from '@winnow/tickets';
import type { RunConfig } from './run-config.ts';

/** Throws TICKET_MISMATCH or BAD_TICKET where a run's ticket, which lies at `path`, is not for its network, density and start. */
export function assertMadeFor(
  ticket: Ticket,
  network: Network,
  { density, method }: RunConfig,
  weightsHash: string,
  path: string,
): void {
  assertFits(ticket, network);
  const expected = keptCount(density, ticket.size);
  if (ticket.kept !== expected) {
    throw new WinnowError(
      'BAD_TICKET',
      `Method "${method}" kept ${ticket.kept} weights where density ${density} asks for ${expected}.`,
      { hint: 'Make its tickets with Ticket.keepLargest of @winnow/tickets.' },
    );
  }
  if (ticket.provenance.weightsHash !== weightsHash) {
    throw new WinnowError(
      'TICKET_MISMATCH',
      'The ticket was found on other weights than this start point.',
      { hint: `Remove ${path} to search again.` },
    );
  }
}
