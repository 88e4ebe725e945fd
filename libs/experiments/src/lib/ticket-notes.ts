import type { Network } from '@winnow/plugin-api';
import type { Ticket } from '@winnow/tickets';
import { cutNetworkNote } from './cut-network.ts';
import { lostLayersNote } from './lost-layers.ts';
import type { RunConfig } from './run-config.ts';

/** What is to be said of a run's ticket, a sentence each: what it notes itself, and what it leaves of the network. */
export function ticketNotes(
  { ablation }: RunConfig,
  network: Network,
  ticket: Ticket,
): readonly string[] {
  const layers = [...ticket.counts].map(([name, kept]) => ({ name, kept }));
  // What an altered ticket is, its run's configuration tells.
  const own = ablation ? [] : (ticket.provenance.notes ?? []);
  const notes = [...own, cutNetworkNote(network, ticket), lostLayersNote(layers)];
  return notes.filter((note) => note !== undefined);
}
