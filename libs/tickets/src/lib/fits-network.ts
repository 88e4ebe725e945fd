import { sizeOf } from '@winnow/files';
import { type Network, type TicketData, WinnowError, prunableOf } from '@winnow/plugin-api';

/**
 * Throws TICKET_MISMATCH, naming the first parameter that is masked in one and not prunable in the other, or of another shape,
 * which its mask must fill.
 */
export function assertFits(
  ticket: Pick<TicketData, 'layers'> & Partial<TicketData>,
  network: Pick<Network, 'name' | 'parameters'>,
): void {
  const fail = (problem: string): never => {
    throw new WinnowError(
      'TICKET_MISMATCH',
      `The ticket${ticket.provenance ? ` for ${ticket.provenance.model}` : ''} does not fit ${network.name}: ${problem}.`,
      { hint: 'Choose the model that the ticket was found on, with the same options and data.' },
    );
  };
  const prunable = prunableOf(network);
  for (const { name, shape } of prunable) {
    const mask = ticket.layers.get(name);
    if (mask === undefined) return fail(`it has no mask for "${name}"`);
    if (mask.shape.join() !== shape.join()) {
      fail(
        `"${name}" is [${mask.shape.join(', ')}] in the ticket, [${shape.join(', ')}] in the network`,
      );
    }
    if (mask.kept.length !== sizeOf(shape))
      fail(`its mask of "${name}" has ${mask.kept.length} values for shape [${shape.join(', ')}]`);
  }
  const known = new Set(prunable.map(({ name }) => name));
  for (const name of ticket.layers.keys()) {
    if (!known.has(name)) fail(`it masks "${name}", which the network has not or does not prune`);
  }
}
