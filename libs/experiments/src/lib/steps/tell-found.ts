import type { RunEvent } from '@winnow/plugin-api';
import type { Ticket } from '@winnow/tickets';
import type { RunFolder } from '../run-folder.ts';
import type { RunResult } from '../run-result.ts';
import type { RoundFacts } from '../run-rounds.ts';

type Tell = (event: RunEvent) => void;

/** Tells the rounds that were kept, for who missed them, and gives them; damaged ones are none, as nothing else needs them. */
export async function tellRounds(folder: RunFolder, tell: Tell): Promise<readonly RoundFacts[]> {
  const rounds = await folder.readRounds().catch(() => []);
  for (const facts of rounds) tell({ type: 'round', ...facts });
  return rounds;
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
  await tellRounds(folder, tell);
  const ticket = await folder.readTicket().catch(() => undefined);
  if (ticket) tellTicket(ticket, [], tell);
  tell({ type: 'result', result });
}
