import * as tf from '@tensorflow/tfjs-core';
import {
  type NamedTensors,
  type Network,
  type Objective,
  type Road,
  withFields,
} from '@winnow/plugin-api';
import { NetworkPrograms, programRoad } from '@winnow/tensor-backend';
import type { Logits } from './network-view.ts';

/** What programs do not show of a network, and objectives may need. */
const OPS_ALONE = ['activations', 'second-derivatives'] as const;

const needsOps = ({ needs }: Pick<Objective, 'needs'>) =>
  OPS_ALONE.find((need) => needs.includes(need));

/** By what a network is computed for an objective on the current backend, by those who use `ObjectivePrograms`. */
export function objectiveRoad(network: Network, objective: Pick<Objective, 'needs'>): Road {
  const why = needsOps(objective);
  return why ? { by: 'ops', why } : programRoad(network, undefined, { differentiable: true });
}

type Programs = Readonly<Record<'dense' | 'sparse', NetworkPrograms>>;

/** The network with what is pruned first, so that it is one piece of its parameters, and the length of that. */
function prunableFirst(network: Network) {
  const { parameters } = network;
  const weights = parameters.filter(({ prunable }) => prunable);
  const others = parameters.filter(({ prunable }) => !prunable);
  const count = (sum: number, { shape }: { readonly shape: readonly number[] }) =>
    sum + shape.reduce((product, n) => product * n, 1);
  return {
    network: withFields<Network>(network, { parameters: [...weights, ...others] }),
    size: weights.reduce(count, 0),
  };
}

/**
 * Logits by programs for both views of an objective: the dense network's, constants, and those of prunable weights that a
 * gradient goes to, under whatever mask was multiplied in.
 */
export class ObjectivePrograms {
  /** The prunable weights of the dense network, one after another [d]. */
  readonly weights: tf.Tensor1D;
  /** Logits of the dense network. */
  readonly dense: Logits;
  readonly #all: tf.Tensor1D;
  /** What is not pruned. */
  readonly #others: tf.Tensor1D;
  readonly #programs: Programs;

  private constructor(all: tf.Tensor1D, size: number, programs: Programs) {
    this.#all = all;
    this.weights = tf.slice1d(all, 0, size);
    this.#others = tf.slice1d(all, size, all.size - size);
    this.#programs = programs;
    this.dense = (images) => programs.dense.forward(all, images);
  }

  /**
   * Nothing where ops serve each of the objectives (see `objectiveRoad`). The parameters may be disposed before the programs are,
   * which the caller does.
   */
  static of(
    network: Network,
    parameters: NamedTensors,
    objectives: readonly Objective[],
  ): ObjectivePrograms | undefined {
    if (objectives.every(needsOps)) return undefined;
    const { network: own, size } = prunableFirst(network);
    const dense = NetworkPrograms.of(own, undefined, { differentiable: false });
    const sparse = dense && NetworkPrograms.of(own, undefined, { differentiable: true });
    if (!sparse) return undefined;
    const all = tf.tidy(() =>
      tf.concat1d(
        own.parameters.map(({ name }) => tf.reshape<tf.Rank.R1>(parameters[name]!, [-1])),
      ),
    );
    return new ObjectivePrograms(all, size, { dense, sparse });
  }

  /** These, where they serve an objective; nothing where ops do. */
  for(objective: Objective): ObjectivePrograms | undefined {
    return needsOps(objective) ? undefined : this;
  }

  /** Logits of these prunable weights [d], the mask multiplied in; differentiable once by them. */
  sparse(weights: tf.Tensor1D): Logits {
    return (images) => this.#programs.sparse.forward(tf.concat1d([weights, this.#others]), images);
  }

  dispose(): void {
    tf.dispose([this.#all, this.weights, this.#others]);
    for (const programs of Object.values(this.#programs)) programs.dispose();
  }
}
