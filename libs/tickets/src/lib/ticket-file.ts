import { readWhole, writeWhole } from '@winnow/files/disk';
import type { TicketData } from '@winnow/plugin-api';
import { type TicketEncoding, decodeTicket, encodeTicket } from './ticket-format.ts';
import type { Ticket } from './ticket.ts';

/** Throws FILE_NOT_READABLE, BAD_SAFETENSORS, NOT_A_TICKET, TICKET_VERSION, BAD_TICKET. */
export async function readTicket(path: string): Promise<Ticket> {
  return decodeTicket(await readWhole(path), path);
}

/** Written whole or not at all. Throws BAD_TICKET, FILE_NOT_WRITABLE. */
export async function writeTicket(
  path: string,
  ticket: TicketData,
  options: { readonly encoding?: TicketEncoding } = {},
): Promise<void> {
  await writeWhole(path, encodeTicket(ticket, options));
}
