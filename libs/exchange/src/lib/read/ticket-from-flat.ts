import { sizeOf } from '@winnow/files';
import { type Network, type TicketProvenance, WinnowError, prunableOf } from '@winnow/plugin-api';
import { Ticket } from '@winnow/tickets';
import { type FlatTicket, densityOf } from './flat-ticket.ts';

/**
 * A flat mask as a ticket of a network: its values are for the prunable parameters one after another, each row by row.
 * Its density is the fraction kept. Throws TICKET_MISMATCH where the network has another number of prunable weights,
 * EMPTY_TICKET where none is kept.
 */
export function ticketFromFlat(
  flat: FlatTicket,
  network: Pick<Network, 'name' | 'parameters'>,
  provenance: Omit<TicketProvenance, 'density' | 'model'>,
): Ticket {
  const prunable = prunableOf(network);
  const size = prunable.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (flat.mask.length !== size) {
    throw new WinnowError(
      'TICKET_MISMATCH',
      `The ticket "${flat.name}" is for ${flat.mask.length} weights, and ${network.name} has ${size} that are pruned.`,
      { hint: 'Choose the model, its options and the image shape that the ticket was found on.' },
    );
  }
  if (flat.kept === 0)
    throw new WinnowError('EMPTY_TICKET', `The ticket "${flat.name}" keeps no weight.`);
  let at = 0;
  const layers = prunable.map(
    ({ name, shape }) =>
      [name, { shape, kept: flat.mask.slice(at, (at += sizeOf(shape))) }] as const,
  );
  return new Ticket({
    layers: new Map(layers),
    provenance: { ...provenance, density: densityOf(flat), model: network.name },
  });
}
