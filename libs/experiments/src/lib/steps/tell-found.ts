import type { RunEvent } from '@winnow/plugin-api';
import type { Ticket } from '@winnow/tickets';
import type { RunFolder } from '../run-folder.ts';
import type { RunResult } from '../run-result.ts';
import type { RoundFacts } from '../run-rounds.ts';

type Tell = (event: RunEvent) => void;

/** Of rounds that were kept, for who missed them. */
export function tellRounds(rounds: readonly RoundFacts[], tell: Tell): void {
  for (const facts of rounds) tell({ type: 'round', ...facts });
}

export function tellTicket(ticket: Ticket, notes: readonly string[], tell: Tell): void {
  const { kept, size } = ticket;
  const layers = [...ticket.counts].map(([name, count]) => ({
    name,
    kept: count,
    size: ticket.layers.get(name)!.kept.length,
  }));
  tell({ type: 'ticket', kept, size, layers, ...(notes.length > 0 && { notes }) });
}

/** Tells what a finished run has, but for steps. What of it is gone or damaged is left out: the result stands without. */
export async function tellFinished(
  folder: RunFolder,
  result: RunResult,
  tell: Tell,
): Promise<void> {
  tellRounds(await folder.readRounds().catch(() => []), tell);
  const ticket = await folder.readTicket().catch(() => undefined);
  if (ticket) tellTicket(ticket, [], tell);
  tell({ type: 'result', result });
}
