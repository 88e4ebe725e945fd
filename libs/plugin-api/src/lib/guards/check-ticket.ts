import { keptCount } from '../density.ts';
import type { PrunerContext } from '../pruner.ts';
import type { LayerMask, LayerScores, TicketData } from '../ticket-data.ts';
import { WinnowError } from '../winnow-error.ts';

const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

/** Of one layer; how many weights of it are kept, where nothing is wrong. */
function keptOf(
  name: string,
  mask: Partial<LayerMask> | undefined,
  shape: readonly number[],
): number | string {
  if (!mask) return `returned no mask for "${name}"`;
  if (!mask.shape || mask.shape.join() !== shape.join() || mask.kept?.length !== sizeOf(shape))
    return `returned a mask for "${name}" that has not its shape [${shape.join(', ')}]`;
  let count = 0;
  for (let i = 0; i < mask.kept.length; i++) {
    const value = mask.kept[i]!;
    if (value !== 0 && value !== 1)
      return `returned a mask for "${name}" that holds ${value}, not 0 or 1`;
    count += value;
  }
  return count;
}

function nanIn(scores: ReadonlyMap<string, LayerScores>): string | undefined {
  for (const [name, { data }] of scores) if (data.some(Number.isNaN)) return name;
  return undefined;
}

/** What is wrong with a ticket for this network and density. */
function problemOf(
  ticket: Partial<TicketData> | undefined,
  context: PrunerContext,
): string | undefined {
  if (!(ticket?.layers instanceof Map) || typeof ticket.provenance !== 'object')
    return 'returned no ticket';
  const { network, density } = context;
  const prunable = network.parameters.filter((parameter) => parameter.prunable);
  let [kept, size] = [0, 0];
  for (const { name, shape } of prunable) {
    const count = keptOf(name, (ticket.layers as TicketData['layers']).get(name), shape);
    if (typeof count === 'string') return count;
    kept += count;
    size += sizeOf(shape);
  }
  if (ticket.layers.size > prunable.length)
    return 'returned masks for more than the prunable parameters';
  const due = keptCount(density, size);
  if (kept !== due)
    return `kept ${kept} of ${size} weights where density ${density} asks for ${due}`;
  const nan = ticket.scores && nanIn(ticket.scores);
  return nan === undefined ? undefined : `returned scores that are not numbers for "${nan}"`;
}

/** Throws BAD_TICKET naming the first thing that is wrong with what a pruner returned. */
export function checkTicket(ticket: TicketData, context: PrunerContext, title: string): void {
  const problem = problemOf(ticket, context);
  if (problem === undefined) return;
  throw new WinnowError('BAD_TICKET', `${title} ${problem}.`, {
    hint: 'Ticket.keepLargest of @winnow/tickets makes a ticket of scores.',
  });
}
