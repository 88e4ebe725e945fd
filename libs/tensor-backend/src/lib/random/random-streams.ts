import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { type Tensor1D, tensor1d } from '@tensorflow/tfjs-core';
import type { RandomStream, RandomStreams } from '@winnow/plugin-api';
import { vectors } from '../vectors/vectors.ts';
import { threefry } from './threefry.ts';

const WORD = 2 ** 32;

class ThreefryStream implements RandomStream {
  readonly #key: Uint32Array;

  constructor(key: Uint32Array) {
    this.#key = key;
  }

  /** The counter's high word goes into the key, its low word beside the index. */
  #keyAt(counter: number): [number, number] {
    const key = new Uint32Array(2);
    threefry(key, this.#key[0] as number, this.#key[1] as number, Math.floor(counter / WORD), 0);
    return [key[0] as number, key[1] as number];
  }

  #words(count: number, counter: number): Uint32Array {
    const words = new Uint32Array(count + (count & 1));
    threefry(words, ...this.#keyAt(counter), 0, counter % WORD);
    return words;
  }

  uniforms(count: number, counter: number, into?: Float32Array): Float32Array {
    const draws = into ?? new Float32Array(count);
    vectors().uniforms(draws, ...this.#keyAt(counter), 0, counter % WORD);
    return draws;
  }

  tensor(count: number, counter: number): Tensor1D {
    return vectors().uniformTensor(count, ...this.#keyAt(counter), 0, counter % WORD);
  }

  /** Box–Muller. */
  normals(count: number, counter: number): Float32Array {
    const pairs = Math.ceil(count / 2);
    const uniforms = this.uniforms(2 * pairs, counter);
    const draws = new Float32Array(2 * pairs);
    for (let i = 0; i < draws.length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(uniforms[i] as number));
      const angle = 2 * Math.PI * (uniforms[i + 1] as number);
      draws[i] = radius * Math.cos(angle);
      draws[i + 1] = radius * Math.sin(angle);
    }
    return draws.subarray(0, count);
  }

  /** Fisher–Yates. */
  permutation(count: number, counter: number): Int32Array {
    const words = this.#words(count, counter);
    const order = Int32Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = Math.floor(((words[i] as number) * (i + 1)) / WORD);
      const swapped = order[i] as number;
      order[i] = order[j] as number;
      order[j] = swapped;
    }
    return order;
  }
}

/**
 * The named streams of a seed (an integer from 0 to 2⁵³ − 1): the same numbers on every backend and machine. Throws
 * RangeError for another one, which would have the streams of a seed that is not told.
 */
export function randomStreams(seed: number): RandomStreams {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`The seed ${seed} is no integer from 0 to 2⁵³ − 1.`);
  return (name) => {
    const digest = new DataView(sha256(utf8ToBytes(name)).buffer);
    const key = new Uint32Array(2);
    const [first, high] = [digest.getUint32(0, true), digest.getUint32(4, true)];
    threefry(key, seed % WORD, Math.floor(seed / WORD), first, high);
    return new ThreefryStream(key);
  };
}

/** A stream's uniforms as a tensor [count], drawn where the backend computes if the stream is one of `randomStreams`. */
export function uniformTensor(stream: RandomStream, count: number, counter: number): Tensor1D {
  return stream instanceof ThreefryStream
    ? stream.tensor(count, counter)
    : tensor1d(stream.uniforms(count, counter));
}
