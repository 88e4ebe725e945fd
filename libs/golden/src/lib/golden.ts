import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors } from '@winnow/plugin-api';
import { type HostTensor } from '@winnow/files';
import { readSafetensors } from '@winnow/files/disk';

/** Numbers computed in PyTorch, one folder a network: what each file holds is told in `golden/README.md`. */
export class Golden {
  readonly #tensors: ReadonlyMap<string, HostTensor>;

  private constructor(tensors: ReadonlyMap<string, HostTensor>) {
    this.#tensors = tensors;
  }

  static async load(name: string, network = 'resnet8'): Promise<Golden> {
    return new Golden((await readSafetensors(Golden.path(name, network))).tensors);
  }

  /** Where a golden file lies, for what reads files itself. */
  static path(name: string, network = 'resnet8'): string {
    return fileURLToPath(new URL(`../../golden/${network}/${name}.safetensors`, import.meta.url));
  }

  host(name: string): HostTensor {
    const found = this.#tensors.get(name);
    if (!found) throw new Error(`The golden file has no tensor "${name}".`);
    return found;
  }

  values(name: string): Float32Array {
    return this.host(name).data as Float32Array;
  }

  /** The names that begin with `prefix`, without it, in the file's order. */
  names(prefix = ''): string[] {
    return [...this.#tensors.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
  }

  /** Several tensors one after another. */
  concatenated(prefix: string, names: readonly string[]): Float32Array {
    const parts = names.map((name) => this.values(prefix + name));
    const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  tensors(prefix = ''): NamedTensors {
    return Object.fromEntries(
      this.names(prefix).map((name) => {
        const { shape, data } = this.host(prefix + name);
        return [name, tf.tensor(Float32Array.from(data as Float32Array), [...shape], 'float32')];
      }),
    );
  }

  /** `images` [n, c, h, w] as [n, h, w, c], and `labels`. */
  batch(): { images: tf.Tensor4D; labels: tf.Tensor1D } {
    const { shape, data } = this.host('images');
    const labels = Int32Array.from(this.host('labels').data as BigInt64Array, Number);
    return {
      images: tf.transpose(
        tf.tensor4d(data as Float32Array, shape as [number, number, number, number]),
        [0, 2, 3, 1],
      ),
      labels: tf.tensor1d(labels, 'int32'),
    };
  }
}

/** The largest difference, in units of the expected values' largest magnitude. NaN where either has one. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return NaN;
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i] as number));
    difference = Math.max(difference, Math.abs((actual[i] as number) - (expected[i] as number)));
  }
  return difference / largest;
}
