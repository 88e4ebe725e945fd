import * as tf from '@tensorflow/tfjs-core';
import {
  type NamedTensors,
  type Network,
  type ParameterSpec,
  prunableOf,
} from '@winnow/plugin-api';

/** Named tensors as one vector, in order: optimisers and searches work on the vector, networks on the names. */
export class Packing {
  readonly names: readonly string[];
  /** Length of the vector. */
  readonly size: number;
  readonly #shapes: readonly (readonly number[])[];
  readonly #sizes: number[];

  constructor(parameters: readonly Pick<ParameterSpec, 'name' | 'shape'>[]) {
    this.names = parameters.map((p) => p.name);
    this.#shapes = parameters.map((p) => p.shape);
    this.#sizes = this.#shapes.map((shape) => shape.reduce((product, n) => product * n, 1));
    this.size = this.#sizes.reduce((a, b) => a + b, 0);
  }

  /** Of the prunable parameters alone: masks, mask logits and scores have its size and order. */
  static prunable(network: Pick<Network, 'parameters'>): Packing {
    return new Packing(prunableOf(network));
  }

  /** Differentiable: [size] → tensors by name. */
  unpack(vector: tf.Tensor1D): NamedTensors {
    const parts = tf.split(vector, this.#sizes);
    return Object.fromEntries(
      parts.map((part, i) => [
        this.names[i] as string,
        tf.reshape(part, [...(this.#shapes[i] as readonly number[])]),
      ]),
    );
  }

  /** Reads tensors from the device. */
  pack(tensors: NamedTensors): Float32Array {
    const vector = new Float32Array(this.size);
    let at = 0;
    for (const [i, name] of this.names.entries()) {
      vector.set((tensors[name] as tf.Tensor).dataSync<'float32'>(), at);
      at += this.#sizes[i] as number;
    }
    return vector;
  }

  /** Fresh tensors of a vector on the host, by name, which the caller disposes. */
  tensors(vector: Float32Array): NamedTensors {
    return Object.fromEntries(
      [...this.views(vector)].map(([name, { shape, data }]) => [
        name,
        tf.tensor(data.slice(), [...shape]),
      ]),
    );
  }

  /** Values on the host, by name, as one vector. */
  join(values: ReadonlyMap<string, { readonly data: Float32Array }>): Float32Array {
    const vector = new Float32Array(this.size);
    for (const [name, { data }] of this.views(vector)) data.set(values.get(name)!.data);
    return vector;
  }

  /** Masks by name as one vector of 0 and 1. */
  gather(masks: ReadonlyMap<string, { readonly kept: Uint8Array }>): Float32Array {
    const vector = new Float32Array(this.size);
    let at = 0;
    for (const [i, name] of this.names.entries()) {
      const mask = masks.get(name);
      if (!mask) throw new Error(`There is no mask of "${name}".`);
      vector.set(mask.kept, at);
      at += this.#sizes[i] as number;
    }
    return vector;
  }

  /** Views of a vector on the host, by name. */
  views(
    vector: Float32Array,
  ): Map<string, { readonly shape: readonly number[]; readonly data: Float32Array }> {
    const views = new Map<string, { shape: readonly number[]; data: Float32Array }>();
    let at = 0;
    for (const [i, name] of this.names.entries()) {
      const end = at + (this.#sizes[i] as number);
      views.set(name, {
        shape: this.#shapes[i] as readonly number[],
        data: vector.subarray(at, end),
      });
      at = end;
    }
    return views;
  }
}
