import { sizeOf } from '@winnow/files';
import {
  type LayerMask,
  type LayerScores,
  type RandomStream,
  type TicketData,
  type TicketProvenance,
  WinnowError,
  keptCount,
} from '@winnow/plugin-api';
import { type GroupCount, layersWithDensities } from './budget.ts';
import { keepLargest } from './keep-largest.ts';

/** Scores by parameter name, in the network's order: the flat index runs through the layers one after another. */
export type Scores = ReadonlyMap<string, LayerScores>;

/** A mask with its provenance. It holds on to the arrays that it was made from and changes none. */
export class Ticket implements TicketData {
  readonly layers: ReadonlyMap<string, LayerMask>;
  readonly provenance: TicketProvenance;
  readonly scores?: Scores;
  /** d, the number of prunable weights. */
  readonly size: number;
  /** How many of them are kept. */
  readonly kept: number;

  /** Throws BAD_TICKET, naming the layer, where a mask does not fill its shape or holds anything but 0 and 1. */
  constructor({ layers, provenance, scores }: TicketData) {
    this.layers = layers;
    this.provenance = provenance;
    if (scores) this.scores = scores;
    let size = 0;
    let kept = 0;
    for (const [name, mask] of layers) {
      kept += countKept(name, mask);
      size += mask.kept.length;
    }
    if (size === 0) throw new WinnowError('BAD_TICKET', 'The ticket masks no weights.');
    this.size = size;
    this.kept = kept;
  }

  /** How many weights of each layer are kept. */
  get counts(): ReadonlyMap<string, number> {
    return new Map([...this.layers].map(([name, mask]) => [name, countKept(name, mask)]));
  }

  /** The fraction kept in fact; `provenance.density` is the one asked for. */
  get density(): number {
    return this.kept / this.size;
  }

  /**
   * Keeps exactly the ⌊κd⌋ largest scores of all layers together, ties going to the lower flat index.
   * Throws BAD_DENSITY, EMPTY_TICKET, NAN_SCORE.
   */
  static keepLargest(scores: Scores, density: number, provenance: TicketProvenance): Ticket {
    refuseNaN(scores);
    const arrays = [...scores.values()].map(({ data }) => data);
    const size = arrays.reduce((sum, array) => sum + array.length, 0);
    return fromMasks(scores, keepLargest(arrays, keptCount(density, size)), provenance);
  }

  /**
   * Keeps in each group of layers as many of its largest scores as it says, ties going to the lower flat index. Throws
   * NAN_SCORE; RangeError where a group cannot keep so many, or has a layer without scores, or a layer is in none.
   */
  static keepLargestOfGroups(
    scores: Scores,
    groups: readonly GroupCount[],
    provenance: TicketProvenance,
  ): Ticket {
    refuseNaN(scores);
    const masks = new Map<string, Uint8Array>();
    for (const { names, kept } of groups) {
      const own = largestOf(names, scores, kept);
      for (const [i, name] of names.entries()) masks.set(name, own[i]!);
    }
    const stray = [...scores.keys()].find((name) => !masks.has(name));
    if (stray !== undefined) throw new RangeError(`No group has the layer "${stray}".`);
    return fromMasks(
      scores,
      [...scores.keys()].map((name) => masks.get(name)!),
      provenance,
    );
  }

  /**
   * Keeps in each layer as many of its largest scores as `counts` says by name (`shareOut` makes such counts),
   * ties going to the lower index. Throws NAN_SCORE; RangeError where a layer has no count, or cannot keep so many.
   */
  static keepLargestPerLayer(
    scores: Scores,
    counts: ReadonlyMap<string, number>,
    provenance: TicketProvenance,
  ): Ticket {
    refuseNaN(scores);
    const masks = [...scores.keys()].flatMap((name) => largestOf([name], scores, counts.get(name)));
    return fromMasks(scores, masks, provenance);
  }

  /** As many weights of each layer as now, others: each layer's mask in a random order. */
  shuffled(order: RandomStream): Ticket {
    const layers = [...this.layers].map(([name, { shape, kept }], i) => {
      const places = order.permutation(kept.length, i);
      return [name, { shape, kept: kept.map((_, j) => kept[places[j]!]!) }] as const;
    });
    return this.#altered('shuffled within each layer', { layers: new Map(layers) });
  }

  /**
   * As many weights, with the lowest scores in place of the largest: of all layers together, but of each with a density of
   * its own; or, where the ticket kept the largest of each layer, of each. Throws TICKET_MISMATCH where the scores do not
   * make this ticket, NAN_SCORE.
   */
  inverted(scores: Scores): Ticket {
    const own = new Map(
      [...this.layers.keys()].map((name) => [name, this.#scoresOf(name, scores)]),
    );
    const negated = new Map(
      // From 0, since −0 would rank below 0.
      [...own].map(([name, { shape, data }]) => [name, { shape, data: data.map((x) => 0 - x) }]),
    );
    const groups = this.#groups();
    if (this.#isSameAs(Ticket.keepLargestOfGroups(own, groups, this.provenance))) {
      const lowest = Ticket.keepLargestOfGroups(negated, groups, this.provenance);
      return this.#altered('inverted', lowest);
    }
    if (this.#isSameAs(Ticket.keepLargestPerLayer(own, this.counts, this.provenance))) {
      const lowest = Ticket.keepLargestPerLayer(negated, this.counts, this.provenance);
      return this.#altered('inverted within each layer', lowest);
    }
    throw mismatch('These scores do not make this ticket.');
  }

  /** What competed with what: each layer of a density of its own alone, all others together. */
  #groups(): GroupCount[] {
    const parameters = [...this.layers].map(([name, { shape }]) => ({
      name,
      shape,
      prunable: true,
    }));
    const { counts } = this;
    const alone = layersWithDensities(parameters, this.provenance.layerDensities);
    const together = [...this.layers.keys()].filter((name) => !alone.has(name));
    const groups = [...[...alone.keys()].map((name) => [name]), together];
    return groups.map((names) => ({
      names,
      kept: names.reduce((sum, name) => sum + counts.get(name)!, 0),
    }));
  }

  #scoresOf(name: string, scores: Scores): LayerScores {
    const found = scores.get(name);
    if (found && found.data.length === this.layers.get(name)?.kept.length) return found;
    throw mismatch(`The scores are not those of the ticket's layer "${name}".`);
  }

  #altered(note: string, { layers }: Pick<TicketData, 'layers'>): Ticket {
    const notes = [...(this.provenance.notes ?? []), note];
    return new Ticket({ layers, provenance: { ...this.provenance, notes } });
  }

  #isSameAs({ layers }: Ticket): boolean {
    return [...this.layers].every(([name, { kept }]) =>
      kept.every((bit, i) => bit === layers.get(name)?.kept[i]),
    );
  }
}

/** The masks of the `count` largest scores of some layers together. Throws RangeError. */
function largestOf(
  names: readonly string[],
  scores: Scores,
  count: number | undefined,
): Uint8Array[] {
  const arrays = names.map((name) => {
    const own = scores.get(name);
    if (!own) throw new RangeError(`There are no scores of the layer "${name}".`);
    return own.data;
  });
  const size = arrays.reduce((sum, { length }) => sum + length, 0);
  if (count !== undefined && Number.isInteger(count) && count >= 0 && count <= size)
    return keepLargest(arrays, count);
  const others = names.length > 1 ? ` and ${names.length - 1} more` : '';
  throw new RangeError(`Cannot keep ${count} of the ${size} weights of "${names[0]}"${others}.`);
}

function mismatch(problem: string): WinnowError {
  return new WinnowError('TICKET_MISMATCH', problem, {
    hint: 'Give the ticket and the scores of one run.',
  });
}

function fromMasks(
  scores: Scores,
  masks: readonly Uint8Array[],
  provenance: TicketProvenance,
): Ticket {
  const layers = [...scores].map(
    ([name, { shape }], i) => [name, { shape, kept: masks[i]! }] as const,
  );
  return new Ticket({ layers: new Map(layers), provenance, scores });
}

function countKept(name: string, { shape, kept }: LayerMask): number {
  if (kept.length !== sizeOf(shape)) {
    throw new WinnowError(
      'BAD_TICKET',
      `The mask of "${name}" has ${kept.length} values for shape [${shape.join(', ')}].`,
    );
  }
  let count = 0;
  for (let i = 0; i < kept.length; i++) {
    const value = kept[i]!;
    if (value > 1) {
      throw new WinnowError(
        'BAD_TICKET',
        `The mask of "${name}" holds ${value} at flat index ${i}, where 0 and 1 are allowed.`,
      );
    }
    count += value;
  }
  return count;
}

function refuseNaN(scores: Scores): void {
  for (const [name, { data }] of scores) {
    for (let i = 0; i < data.length; i++) {
      if (!Number.isNaN(data[i]!)) continue;
      throw new WinnowError('NAN_SCORE', `The score of weight ${i} in "${name}" is not a number.`, {
        hint: 'A search has diverged, say, or a score was divided by 0: look at what makes the scores.',
      });
    }
  }
}
