import { sizeOf } from '@winnow/files';
import {
  type LayerMask,
  type TicketData,
  type TicketProvenance,
  WinnowError,
} from '@winnow/plugin-api';
import { keptCount } from './density.ts';
import { type ScoreArray, keepLargest } from './keep-largest.ts';

/** One score a weight, row-major; none may be NaN. */
export interface LayerScores {
  /** The parameter's shape, PyTorch's layout. */
  readonly shape: readonly number[];
  readonly data: ScoreArray;
}

/** Scores by parameter name, in the network's order: the flat index runs through the layers one after another. */
export type Scores = ReadonlyMap<string, LayerScores>;

/** A mask with its provenance. It holds on to the arrays that it was made from and changes none. */
export class Ticket implements TicketData {
  readonly layers: ReadonlyMap<string, LayerMask>;
  readonly provenance: TicketProvenance;
  /** d, the number of prunable weights. */
  readonly size: number;
  /** How many of them are kept. */
  readonly kept: number;

  /** Throws BAD_TICKET, naming the layer, where a mask does not fill its shape or holds anything but 0 and 1. */
  constructor({ layers, provenance }: TicketData) {
    this.layers = layers;
    this.provenance = provenance;
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
   * Keeps in each layer as many of its largest scores as `counts` says by name (`shareOut` makes such counts),
   * ties going to the lower index. Throws NAN_SCORE.
   */
  static keepLargestPerLayer(
    scores: Scores,
    counts: ReadonlyMap<string, number>,
    provenance: TicketProvenance,
  ): Ticket {
    refuseNaN(scores);
    const masks = [...scores].flatMap(([name, { data }]) => {
      const count = counts.get(name);
      if (count === undefined || count < 0 || count > data.length) {
        throw new RangeError(`Cannot keep ${count} of the ${data.length} weights of "${name}".`);
      }
      return keepLargest([data], count);
    });
    return fromMasks(scores, masks, provenance);
  }
}

function fromMasks(
  scores: Scores,
  masks: readonly Uint8Array[],
  provenance: TicketProvenance,
): Ticket {
  const layers = [...scores].map(
    ([name, { shape }], i) => [name, { shape, kept: masks[i]! }] as const,
  );
  return new Ticket({ layers: new Map(layers), provenance });
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
        hint: 'The search diverged: lower its learning rate, or try another objective.',
      });
    }
  }
}
