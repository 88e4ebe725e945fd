import { sizeOf } from '@winnow/files';
import {
  type Network,
  WinnowError,
  keptCount,
  matchPrunable,
  prunableOf,
} from '@winnow/plugin-api';

interface LayerShare {
  readonly size: number;
  /** Where the user chose one for the layer. */
  readonly density: number | undefined;
}

/** How many weights of a group of layers stay. */
export interface GroupCount {
  readonly names: readonly string[];
  readonly kept: number;
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/** The layers that have a density of their own, the later pattern counting where two name one. Throws BAD_LAYER. */
export function layersWithDensities(
  parameters: Parameters<typeof matchPrunable>[0],
  layerDensities: Readonly<Record<string, number>> = {},
): Map<string, number> {
  const chosen = new Map<string, number>();
  for (const [pattern, own] of Object.entries(layerDensities))
    for (const name of matchPrunable(parameters, pattern)) chosen.set(name, own);
  return chosen;
}

/**
 * How many weights a ticket keeps: ⌊κd⌋ in all, as many as was chosen for it of each layer that has a density of its own,
 * and what is left of all others together.
 */
export class Budget {
  /** κ */
  readonly density: number;
  /** d, the number of prunable weights. */
  readonly size: number;
  /** ⌊κd⌋ */
  readonly kept: number;
  /** As they were given, by pattern. */
  readonly layerDensities: Readonly<Record<string, number>>;
  readonly #layers: ReadonlyMap<string, LayerShare>;
  /** Of the layers without a density of their own. */
  readonly #restSize: number;
  readonly #restKept: number;

  private constructor(
    density: number,
    layerDensities: Readonly<Record<string, number>>,
    layers: ReadonlyMap<string, LayerShare>,
  ) {
    const shares = [...layers.values()];
    const own = shares.filter((share) => share.density !== undefined);
    this.density = density;
    this.size = sum(shares.map(({ size }) => size));
    this.kept = keptCount(density, this.size);
    this.layerDensities = layerDensities;
    this.#layers = layers;
    this.#restSize = this.size - sum(own.map(({ size }) => size));
    this.#restKept = this.kept - sum(own.map((share) => keptCount(share.density!, share.size)));
  }

  /**
   * For the prunable parameters of a network. `layerDensities` by pattern (`stage3.*`), the later ones counting where two
   * name one layer. Throws BAD_DENSITY, EMPTY_TICKET; BAD_LAYER for a pattern that names none; LAYER_DENSITY where the
   * layers' own densities and κ do not go together.
   */
  static of(
    { parameters }: Pick<Network, 'parameters'>,
    density: number,
    layerDensities: Readonly<Record<string, number>> = {},
  ): Budget {
    const chosen = layersWithDensities(parameters, layerDensities);
    const layers = new Map(
      prunableOf({ parameters }).map(({ name, shape }) => [
        name,
        { size: sizeOf(shape), density: chosen.get(name) },
      ]),
    );
    const budget = new Budget(density, layerDensities, layers);
    if (budget.#restKept >= 0 && budget.#restKept <= budget.#restSize) return budget;
    const own = budget.kept - budget.#restKept;
    throw new WinnowError(
      'LAYER_DENSITY',
      budget.#restKept < 0
        ? `The layers with densities of their own keep ${own} weights, and density ${density} of all ${budget.size} only ${budget.kept}.`
        : `Density ${density} asks for ${budget.kept} of ${budget.size} weights, and with these densities of layers no more than ${own + budget.#restSize} can stay.`,
      { hint: 'Change the density of all weights, or those of layers.' },
    );
  }

  /** The part of a layer's weights that stays, as far as it is settled before there are scores. */
  densityOf(parameter: string): number {
    const { density } = this.#layers.get(parameter)!;
    if (density !== undefined) return density;
    return this.#restSize === this.size ? this.density : this.#restKept / this.#restSize;
  }

  /**
   * The counts of a round on the way that keeps `density` of all weights, or of the end: each layer of its own density, and
   * the others together. A layer that ends at δ has δ^t where all have κ^t, so that what is removed stays removed.
   */
  groups(density = this.density): readonly GroupCount[] {
    const names = [...this.#layers.keys()];
    if (this.#restSize === this.size)
      return [
        { names, kept: density === this.density ? this.kept : keptCount(density, this.size) },
      ];
    const progress = density === this.density ? 1 : Math.log(density) / Math.log(this.density);
    const rest = names.filter((name) => this.#layers.get(name)!.density === undefined);
    const groups = [...this.#layers].flatMap(([name, share]) =>
      share.density === undefined
        ? []
        : [{ names: [name], kept: keptCount(share.density ** progress, share.size) }],
    );
    if (rest.length === 0) return groups;
    const share = this.#restKept / this.#restSize;
    const kept = progress === 1 ? this.#restKept : Math.floor(this.#restSize * share ** progress);
    return [...groups, { names: rest, kept }];
  }

  /** In what a ticket that keeps so many weights of each layer misses this budget; nothing where it does not. */
  missedBy(kept: ReadonlyMap<string, number>): string | undefined {
    const total = sum([...kept.values()]);
    if (total !== this.kept)
      return `${total} of ${this.size} weights where density ${this.density} asks for ${this.kept}`;
    for (const group of this.groups()) {
      const count = sum(group.names.map((name) => kept.get(name) ?? 0));
      if (count !== group.kept)
        return `${count} weights of "${group.names[0]!}" where ${group.kept} were chosen for it`;
    }
    return undefined;
  }
}
