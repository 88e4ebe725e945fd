import { type Vector, vectors } from '@winnow/tensor-backend';

/** What of a vector is saved, and taken back. */
export type StoredVector = Pick<Vector, 'size' | 'read' | 'write'>;

/** Those of these numbers whose mask is 1, in order. */
export function keptOf(all: Float32Array, mask: Uint8Array): Float32Array {
  return all.filter((_, i) => mask[i] === 1);
}

/** A vector of the numbers that a mask keeps, which is saved as all of them: the others are 0. */
export class KeptVector implements StoredVector {
  readonly kept: Vector;
  readonly #mask: Uint8Array;

  /** Of all numbers. */
  constructor(all: Float32Array, mask: Uint8Array) {
    this.kept = vectors().of(keptOf(all, mask));
    this.#mask = mask;
  }

  get size(): number {
    return this.#mask.length;
  }

  read(): Float32Array {
    const kept = this.kept.read();
    let at = 0;
    return Float32Array.from(this.#mask, (keeps) => (keeps ? kept[at++]! : 0));
  }

  write(all: Float32Array): void {
    this.kept.write(keptOf(all, this.#mask));
  }
}
