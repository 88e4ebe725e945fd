import type { Architecture, Layers } from './layers.ts';

/** Reads a network as numbered values: 0 is the images, i the result of the i-th layer. */
class Uses implements Layers<number> {
  /** The last layer that takes each value. */
  readonly last: number[] = [];
  #layers = 0;

  #layer(...inputs: (number | undefined)[]): number {
    this.#layers++;
    for (const input of inputs) if (input !== undefined) this.last[input] = this.#layers;
    return this.#layers;
  }

  conv(_name: string, x: number): number {
    return this.#layer(x);
  }

  normalize(_name: string, x: number, options: { residual?: number } = {}): number {
    return this.#layer(x, options.residual);
  }

  relu(x: number): number {
    return this.#layer(x);
  }

  maxPool(x: number): number {
    return this.#layer(x);
  }

  subsample(x: number): number {
    return this.#layer(x);
  }

  globalAveragePool(x: number): number {
    return this.#layer(x);
  }

  flatten(x: number): number {
    return this.#layer(x);
  }

  linear(_name: string, x: number): number {
    return this.#layer(x);
  }
}

/** By the number of a layer, from 1 on: the results of earlier layers that nothing needs after it. */
export function lastUses(
  architecture: Architecture,
  classes: number,
): ReadonlyMap<number, number[]> {
  const uses = new Uses();
  architecture<number>(uses, 0, classes);
  const done = new Map<number, number[]>();
  for (const [value, layer] of uses.last.entries()) {
    // The images are the caller's.
    if (value > 0) done.set(layer, [...(done.get(layer) ?? []), value]);
  }
  return done;
}
