import type { GraphLayer, GraphValue } from '@winnow/plugin-api';

/** What exported graphs call their one input and output. */
export const INPUT = 'images';
export const OUTPUT = 'logits';

/** Names the values of a graph: layers with parameters by their own name, others by what they do and their place. */
export class ValueNames {
  readonly #names = new Map<GraphValue, string>([[0, INPUT]]);
  readonly #taken: Set<string>;

  /** `tensors` are names of parameters and statistics, which lie beside them. */
  constructor(tensors: Iterable<string>) {
    this.#taken = new Set([INPUT, OUTPUT, ...tensors]);
  }

  of(value: GraphValue): string {
    const name = this.#names.get(value);
    if (name !== undefined) return name;
    throw new Error(`The graph uses value ${value} before it is computed.`);
  }

  /** A name for what the next layer does, which no other has, though two layers may share parameters. */
  fresh(layer: GraphLayer): string {
    const place = this.#names.size;
    const wanted = 'name' in layer ? layer.name : `${layer.op}.${place}`;
    const name = this.#taken.has(wanted) ? `${wanted}.${place}` : wanted;
    this.#taken.add(name);
    return name;
  }

  /** Says under which name the next layer's output came to be. */
  add(name: string): void {
    this.#names.set(this.#names.size, name);
  }
}
