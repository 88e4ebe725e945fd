import { sha256 } from '@winnow/files';
import { readWhole } from '@winnow/files/disk';
import { type PrunerContext, WinnowError, definePruner, keptCount } from '@winnow/plugin-api';
import { type Ticket, assertFits } from '@winnow/tickets';
import { readTicket } from '@winnow/tickets/files';
import * as z from 'zod';

/** Throws what reading it does, INVALID_OPTION, TICKET_MISMATCH. */
async function fittingTicket(
  path: string,
  { network, density }: Pick<PrunerContext, 'network' | 'density'>,
): Promise<Ticket> {
  const ticket = await readTicket(path);
  assertFits(ticket, network);
  const { size, kept } = ticket;
  if (kept === keptCount(density, size)) return ticket;
  throw new WinnowError(
    'INVALID_OPTION',
    `The ticket ${path} keeps ${kept} of ${size} weights, which is not density ${density}.`,
    { hint: `Leave --density out, or give ${kept / size}.` },
  );
}

/**
 * No search: with it a ticket of another program, such as the authors', trains by the same recipe as ours, so that their
 * accuracies compare. Throws what reading it does, INVALID_OPTION, TICKET_MISMATCH.
 */
export const given = definePruner({
  name: 'given',
  summary: 'take a ticket from a file',
  options: z.strictObject({
    ticket: z
      .string()
      .describe('file of a ticket that was found on the weights of the start point'),
  }),
  async density({ ticket: path }) {
    return (await readTicket(path)).density;
  },
  async checksum({ ticket: path }) {
    return sha256(await readWhole(path));
  },
  async prepare(setting, { ticket: path }) {
    await fittingTicket(path, setting);
  },
  async findTicket({ network, density, weightsHash }, { ticket: path }) {
    const { layers, provenance } = await fittingTicket(path, { network, density });
    if (provenance.weightsHash === weightsHash) return { layers, provenance };
    if (provenance.weightsHash !== '') {
      throw new WinnowError(
        'TICKET_MISMATCH',
        `The ticket ${path} was found on other weights than this start point.`,
        { hint: 'Give those weights by --start-weights, or the run the same start and seed.' },
      );
    }
    const notes = [...(provenance.notes ?? []), 'the weights that it was found on are not known'];
    return { layers, provenance: { ...provenance, weightsHash, notes } };
  },
});
