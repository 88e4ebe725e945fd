import { keptCount } from '../density.ts';
import type { ParameterSpec } from '../model.ts';
import type { PrunerContext } from '../pruner.ts';
import type { LayerMask, LayerScores, TicketData, TicketProvenance } from '../ticket-data.ts';
import { WinnowError } from '../winnow-error.ts';
import { tagOf } from './tag-of.ts';

const FLOATS = new Set(['Float32Array', 'Float64Array']);

const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

const isShape = (shape: unknown, due: readonly number[]) =>
  Array.isArray(shape) && shape.join() === due.join();

/** Of one layer; how many weights of it are kept, where nothing is wrong. */
function keptOf(mask: Partial<LayerMask> | undefined, { name, shape }: ParameterSpec) {
  if (!mask) return `returned no mask for "${name}"`;
  const { kept } = mask;
  if (!kept || !isShape(mask.shape, shape) || kept.length !== sizeOf(shape))
    return `returned a mask for "${name}" that has not its shape [${shape.join(', ')}]`;
  if (tagOf(kept) !== 'Uint8Array') return `returned a mask for "${name}" that is no Uint8Array`;
  let count = 0;
  for (let i = 0; i < kept.length; i++) {
    const value = kept[i]!;
    if (value !== 0 && value !== 1)
      return `returned a mask for "${name}" that holds ${value}, not 0 or 1`;
    count += value;
  }
  return count;
}

function problemOfMasks(
  layers: TicketData['layers'],
  prunable: readonly ParameterSpec[],
  density: number,
): string | undefined {
  let [kept, size] = [0, 0];
  for (const parameter of prunable) {
    const count = keptOf(layers.get(parameter.name), parameter);
    if (typeof count === 'string') return count;
    kept += count;
    size += sizeOf(parameter.shape);
  }
  if (layers.size > prunable.length) return 'returned masks for more than the prunable parameters';
  const due = keptCount(density, size);
  if (kept === due) return undefined;
  return `kept ${kept} of ${size} weights where density ${density} asks for ${due}`;
}

function problemOfScores(
  scores: TicketData['scores'],
  prunable: readonly ParameterSpec[],
): string | undefined {
  if (scores === undefined) return undefined;
  if (tagOf(scores) !== 'Map') return 'returned scores that are no Map by parameter';
  for (const { name, shape } of prunable) {
    const { data, ...layer } = (scores.get(name) ?? {}) as Partial<LayerScores>;
    if (!data || !isShape(layer.shape, shape) || data.length !== sizeOf(shape))
      return `returned no scores for "${name}" in its shape [${shape.join(', ')}]`;
    if (!FLOATS.has(tagOf(data)))
      return `returned scores for "${name}" that are no Float32Array or Float64Array`;
    // Infinite ones can be ranked.
    if (data.some(Number.isNaN)) return `returned scores that are not numbers for "${name}"`;
  }
  return undefined;
}

function problemOfProvenance(
  provenance: Partial<TicketProvenance> | null | undefined,
  weightsHash: string,
): string | undefined {
  const { objective, notes = [], ...fields } = provenance ?? {};
  for (const name of ['method', 'model', 'weightsHash'] as const)
    if (typeof fields[name] !== 'string')
      return `returned a ticket whose provenance lacks the text "${name}"`;
  for (const name of ['density', 'seed'] as const)
    if (!Number.isFinite(fields[name]))
      return `returned a ticket whose provenance lacks the number "${name}"`;
  if (objective !== undefined && typeof objective !== 'string')
    return 'returned a ticket whose provenance has an "objective" that is no text';
  if (!Array.isArray(notes) || !notes.every((note) => typeof note === 'string'))
    return 'returned a ticket whose provenance has "notes" that are no list of texts';
  if (fields.weightsHash === weightsHash) return undefined;
  return `returned a ticket for the weights "${fields.weightsHash}" where the start point is "${weightsHash}"`;
}

/** What is wrong with a ticket for this network and density. */
function problemOf(
  ticket: Partial<TicketData> | undefined,
  { network, density, weightsHash }: PrunerContext,
): string | undefined {
  if (!ticket?.layers || tagOf(ticket.layers) !== 'Map') return 'returned no ticket';
  const prunable = network.parameters.filter((parameter) => parameter.prunable);
  return (
    problemOfMasks(ticket.layers, prunable, density) ??
    problemOfScores(ticket.scores, prunable) ??
    problemOfProvenance(ticket.provenance, weightsHash)
  );
}

/** Throws BAD_TICKET naming the first thing that is wrong with what a pruner returned. */
export function checkTicket(ticket: TicketData, context: PrunerContext, title: string): void {
  const problem = problemOf(ticket, context);
  if (problem === undefined) return;
  throw new WinnowError('BAD_TICKET', `${title} ${problem}.`, {
    hint: 'Ticket.keepLargest of @winnow/tickets makes a ticket of scores.',
  });
}
