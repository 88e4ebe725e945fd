import type { Architecture, Layers } from './layers.ts';

/** 0 is the images, i the result of the i-th layer. An object, since an architecture may ask whether it has a value. */
interface Value {
  readonly number: number;
}

class Uses implements Layers<Value> {
  /** The last layer that takes each value. */
  readonly last = new Map<number, number>();
  #layers = 0;

  #layer(...inputs: (Value | undefined)[]): Value {
    const number = ++this.#layers;
    for (const input of inputs) if (input) this.last.set(input.number, number);
    return { number };
  }

  conv(_name: string, x: Value): Value {
    return this.#layer(x);
  }

  normalize(_name: string, x: Value, options: { residual?: Value } = {}): Value {
    return this.#layer(x, options.residual);
  }

  relu(x: Value): Value {
    return this.#layer(x);
  }

  maxPool(x: Value): Value {
    return this.#layer(x);
  }

  subsample(x: Value): Value {
    return this.#layer(x);
  }

  globalAveragePool(x: Value): Value {
    return this.#layer(x);
  }

  flatten(x: Value): Value {
    return this.#layer(x);
  }

  linear(_name: string, x: Value): Value {
    return this.#layer(x);
  }
}

/** By the number of a layer, from 1 on: the results of earlier layers that nothing needs after it. */
export function lastUses(
  architecture: Architecture,
  classes: number,
): ReadonlyMap<number, number[]> {
  const uses = new Uses();
  const logits = architecture<Value>(uses, { number: 0 }, classes);
  const done = new Map<number, number[]>();
  for (const [value, layer] of uses.last) {
    // The images and the logits are the caller's.
    if (value === 0 || value === logits.number) continue;
    done.set(layer, [...(done.get(layer) ?? []), value]);
  }
  return done;
}
