import type * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors, Network } from '@winnow/plugin-api';
import { type Program, compileProgram } from '@winnow/tensor-backend';

/** Of a network's multiply-adds: where more are kept, ops over all weights are faster; see docs/performance.md. */
const MOST_KEPT = 0.2;

/** The share of the multiply-adds that kept weights make. */
function shareKept({ parameters }: Network, mask: Uint8Array): number {
  let at = 0;
  let all = 0;
  let kept = 0;
  for (const { shape, prunable, usesPerImage } of parameters) {
    const end = at + shape.reduce((product, n) => product * n, 1);
    if (prunable) {
      for (let i = at; i < end; i++) if (mask[i]) kept += usesPerImage;
      all += (end - at) * usesPerImage;
    }
    at = end;
  }
  return all > 0 ? kept / all : 1;
}

/** Whether so much is kept that ops over all weights are faster. */
export function keepsMuch(network: Network, mask: Uint8Array): boolean {
  return shareKept(network, mask) > MOST_KEPT;
}

/** Passes over the weights that a mask keeps alone: programs of one network, one for each number of images. */
export class KeptPrograms {
  readonly #network: Network;
  readonly #mask: Uint8Array;
  readonly #differentiable: boolean;
  readonly #byBatch = new Map<number, Program>();

  private constructor(network: Network, mask: Uint8Array, differentiable: boolean) {
    this.#network = network;
    this.#mask = mask;
    this.#differentiable = differentiable;
  }

  /**
   * Nothing where the backend has no programs or none of this network, or where so much is kept that ops are faster. The
   * caller disposes them.
   */
  static of(
    network: Network,
    mask: Uint8Array,
    { differentiable }: { readonly differentiable: boolean },
  ): KeptPrograms | undefined {
    if (!network.graph || keepsMuch(network, mask)) return undefined;
    const programs = new KeptPrograms(network, mask, differentiable);
    // Whether there is a program does not depend on the number of images.
    return programs.#program(1) && programs;
  }

  #program(batch: number): Program | undefined {
    const known = this.#byBatch.get(batch);
    if (known) return known;
    const { input, graph, parameters } = this.#network;
    const program = compileProgram({
      input,
      graph: graph!,
      parameters,
      kept: this.#mask,
      batch,
      differentiable: this.#differentiable,
    });
    if (program) this.#byBatch.set(batch, program);
    return program;
  }

  /** See `Program.forward`. */
  forward(parameters: tf.Tensor1D, images: tf.Tensor4D, statistics?: NamedTensors): tf.Tensor2D {
    return this.#program(images.shape[0])!.forward(parameters, images, statistics);
  }

  dispose(): void {
    for (const program of this.#byBatch.values()) program.dispose();
    this.#byBatch.clear();
  }
}
