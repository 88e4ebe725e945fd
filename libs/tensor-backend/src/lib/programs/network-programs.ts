import type * as tf from '@tensorflow/tfjs-core';
import {
  type NamedTensors,
  type Network,
  type NetworkGraph,
  type Road,
  type ShownValue,
  WinnowError,
  computedGraph,
} from '@winnow/plugin-api';
import { keepsMuch } from './most-kept.ts';
import { type Program, type ProgramLayer, compileProgram, programInstructions } from './program.ts';

/** Of a network, what programs read; its `forward` says whether the graph is the same (see `computedGraph`). */
export type Compiled = Pick<Network, 'input' | 'graph' | 'parameters' | 'forward'>;

/** Logits, and the activations that the network shows, by name and in order. */
export interface ShownActivations {
  readonly logits: tf.Tensor2D;
  readonly activations: ReadonlyMap<string, tf.Tensor>;
}

/** What programs are made for. */
export interface ProgramUse {
  /** See `ProgramRequest`. */
  readonly differentiable: boolean;
}

/** One network as programs, one for each number of images, over what a mask keeps or over all parameters. */
export class NetworkPrograms {
  readonly #network: Compiled;
  readonly #graph: NetworkGraph;
  readonly #mask: Uint8Array | undefined;
  readonly #differentiable: boolean;
  readonly #byBatch = new Map<number, Program>();
  /** Those that show activations. */
  readonly #showing = new Map<number, Program>();
  /** Nothing where the network is of no form that a program has. */
  readonly #layers: readonly ProgramLayer[] | undefined;

  private constructor(
    network: Compiled,
    graph: NetworkGraph,
    mask: Uint8Array | undefined,
    { differentiable }: ProgramUse,
  ) {
    this.#network = network;
    this.#graph = graph;
    this.#mask = mask;
    this.#differentiable = differentiable;
    // Whether there is a program, and of which layers, does not depend on the number of images. It is not kept, as a plan
    // may take as much memory as the parameters.
    const one = this.#compile(1);
    this.#layers = one?.layers;
    one?.dispose();
  }

  /**
   * `mask`: one entry a parameter, packed; all are kept where there is none. Nothing where ops are to serve (see
   * `programRoad`). The caller disposes them.
   */
  static of(
    network: Compiled,
    mask: Uint8Array | undefined,
    use: ProgramUse,
  ): NetworkPrograms | undefined {
    const instructions = programInstructions();
    const graph = computedGraph(network);
    if (instructions === undefined || !graph) return undefined;
    if (keepsMuch(network, mask, instructions)) return undefined;
    const programs = new NetworkPrograms(network, graph, mask, use);
    return programs.#layers && programs;
  }

  #compile(batch: number, shows = false): Program | undefined {
    const { input, parameters } = this.#network;
    return compileProgram({
      input,
      graph: this.#graph,
      parameters,
      kept: this.#mask,
      batch,
      differentiable: this.#differentiable,
      captures: shows ? this.#shown.map(({ value }) => value) : [],
    });
  }

  /** Throws OUT_OF_MEMORY where so many images are too many: ops would compute otherwise than the road that is told. */
  #program(batch: number, shows = false): Program {
    const programs = shows ? this.#showing : this.#byBatch;
    const program = programs.get(batch) ?? this.#compile(batch, shows);
    if (!program) {
      throw new WinnowError(
        'OUT_OF_MEMORY',
        `The engine makes no program of this network for ${batch} images at a time, as it does for one.`,
        { hint: 'Take fewer images at a time: lower --batch-size.' },
      );
    }
    programs.set(batch, program);
    return program;
  }

  get #shown(): readonly ShownValue[] {
    return this.#graph.activations ?? [];
  }

  /** See `Program.layers`. */
  get layers(): readonly ProgramLayer[] {
    return this.#layers!;
  }

  /** See `Program.forward`. Throws OUT_OF_MEMORY. */
  forward(parameters: tf.Tensor1D, images: tf.Tensor4D, statistics?: NamedTensors): tf.Tensor2D {
    return this.#program(images.shape[0]).forward(parameters, images, statistics);
  }

  /** Whether `show` serves: the graph tells which values are activations, and a program can show them. */
  shows(): boolean {
    const one = this.#shown.length > 0 ? this.#compile(1, true) : undefined;
    one?.dispose();
    return one !== undefined;
  }

  /** Logits, and the network's activations, where it `shows` these; see `Program.show`. */
  show(parameters: tf.Tensor1D, images: tf.Tensor4D): ShownActivations {
    const { logits, captured } = this.#program(images.shape[0], true).show(parameters, images);
    const activations = new Map(this.#shown.map(({ name }, i) => [name, captured[i]!]));
    return { logits, activations };
  }

  dispose(): void {
    for (const programs of [this.#byBatch, this.#showing]) {
      for (const program of programs.values()) program.dispose();
      programs.clear();
    }
  }
}

/** By what each layer of a network under a mask, or with all weights, is computed; nothing where that is op by op. */
export function programLayers(
  network: Compiled,
  mask: Uint8Array | undefined,
  use: ProgramUse,
): readonly ProgramLayer[] | undefined {
  const programs = NetworkPrograms.of(network, mask, use);
  try {
    return programs?.layers;
  } finally {
    programs?.dispose();
  }
}

/**
 * The road that `NetworkPrograms` offers for a network under a mask, or with all weights, on the current backend. It
 * plans a program where there is one, and computes nothing. `shows`: whether activations are asked for.
 */
export function programRoad(
  network: Compiled,
  mask: Uint8Array | undefined,
  use: ProgramUse & { readonly shows?: boolean },
): Road {
  const programs = NetworkPrograms.of(network, mask, use);
  if (programs) {
    const { layers } = programs;
    const serves = !use.shows || programs.shows();
    programs.dispose();
    if (!serves) return { by: 'ops', why: 'activations' };
    const named = (road: ProgramLayer['road']) =>
      layers.filter((layer) => layer.road === road).map(({ name }) => name);
    return { by: 'program', layers: { dense: named('dense'), kept: named('kept') } };
  }
  const instructions = programInstructions();
  if (instructions === undefined) return { by: 'ops', why: 'backend' };
  if (!computedGraph(network)) return { by: 'ops', why: 'model' };
  return { by: 'ops', why: keepsMuch(network, mask, instructions) ? 'density' : 'form' };
}
