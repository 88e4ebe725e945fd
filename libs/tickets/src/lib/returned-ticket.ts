import { sizeOf } from '@winnow/files';
import {
  type LayerMask,
  type LayerScores,
  type Network,
  type ParameterSpec,
  type TicketData,
  type TicketProvenance,
  WinnowError,
  prunableOf,
  tagOf,
} from '@winnow/plugin-api';
import type { Budget } from './budget.ts';
import { Ticket } from './ticket.ts';

const FLOATS = new Set(['Float32Array', 'Float64Array']);

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
  budget: Budget,
): string | undefined {
  const kept = new Map<string, number>();
  for (const parameter of prunable) {
    const count = keptOf(layers.get(parameter.name), parameter);
    if (typeof count === 'string') return count;
    kept.set(parameter.name, count);
  }
  if (layers.size > prunable.length) return 'returned masks for more than the prunable parameters';
  const missed = budget.missedBy(kept);
  return missed && `kept ${missed}`;
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
  const { objective, leftOut = [], notes = [], ...fields } = provenance ?? {};
  for (const name of ['method', 'model', 'weightsHash'] as const)
    if (typeof fields[name] !== 'string')
      return `returned a ticket whose provenance lacks the text "${name}"`;
  for (const name of ['density', 'seed'] as const)
    if (!Number.isFinite(fields[name]))
      return `returned a ticket whose provenance lacks the number "${name}"`;
  for (const name of ['methodOptions', 'objectiveOptions', 'layerDensities'] as const)
    if (fields[name] !== undefined && tagOf(fields[name]) !== 'Object')
      return `returned a ticket whose provenance has "${name}" that are no plain object`;
  if (objective !== undefined && typeof objective !== 'string')
    return 'returned a ticket whose provenance has an "objective" that is no text';
  for (const [name, texts] of Object.entries({ notes, leftOut }))
    if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string'))
      return `returned a ticket whose provenance has "${name}" that are no list of texts`;
  if (fields.weightsHash === weightsHash) return undefined;
  return `returned a ticket for the weights "${fields.weightsHash}" where the start point is "${weightsHash}"`;
}

/** What a method was asked for. */
export interface AskedTicket {
  readonly network: Pick<Network, 'parameters'>;
  /** How many weights it was to keep. */
  readonly budget: Budget;
  /** SHA-256 (hex) of the parameters at the start point. */
  readonly weightsHash: string;
  /** Names the method, at the start of a sentence. */
  readonly title: string;
}

function problemOf(
  ticket: Partial<TicketData> | undefined,
  { network, budget, weightsHash }: AskedTicket,
): string | undefined {
  if (!ticket?.layers || tagOf(ticket.layers) !== 'Map') return 'returned no ticket';
  const prunable = prunableOf(network);
  return (
    problemOfMasks(ticket.layers, prunable, budget) ??
    problemOfScores(ticket.scores, prunable) ??
    problemOfProvenance(ticket.provenance, weightsHash)
  );
}

/** The ticket that a method returned, whoever wrote the method. Throws BAD_TICKET naming the first thing that is wrong with it. */
export function returnedTicket(found: TicketData, asked: AskedTicket): Ticket {
  const problem = problemOf(found, asked);
  if (problem === undefined) return new Ticket(found);
  throw new WinnowError('BAD_TICKET', `${asked.title} ${problem}.`, {
    hint: 'keepLargest of the context that it is given makes a ticket of scores.',
  });
}
