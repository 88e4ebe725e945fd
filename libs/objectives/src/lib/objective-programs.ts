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

type Needs = Pick<Objective, 'needs'>;

const needsOps = ({ needs }: Needs) => needs.includes('second-derivatives');
const needsActivations = ({ needs }: Needs) => needs.includes('activations');

/** By what a network is computed for an objective on the current backend, by those who use `ObjectivePrograms`. */
export function objectiveRoad(network: Network, objective: Needs): Road {
  if (needsOps(objective)) return { by: 'ops', why: 'second-derivatives' };
  const shows = needsActivations(objective);
  return programRoad(network, undefined, { differentiable: true, shows });
}

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

/** What programs offer for the two views of an objective, with activations where it needs these. */
export interface ProgramViews {
  /** The prunable weights of the dense network, one after another [d]. */
  readonly weights: tf.Tensor1D;
  /** Of the dense network. */
  readonly dense: Logits;
  /**
   * Of these prunable weights [d], the mask multiplied in; differentiable once by them. Call what it returns within a
   * `tf.tidy`.
   */
  readonly sparse: (weights: tf.Tensor1D) => Logits;
}

interface Parts {
  /** The prunable weights, and what is not pruned. */
  readonly weights: tf.Tensor1D;
  readonly others: tf.Tensor1D;
  readonly all: tf.Tensor1D;
  readonly dense: NetworkPrograms;
  readonly sparse: NetworkPrograms;
}

function logitsOf(
  programs: NetworkPrograms,
  parameters: () => tf.Tensor1D,
  shows: boolean,
): Logits {
  const logits: Logits = (images) => programs.forward(parameters(), images);
  return shows
    ? Object.assign(logits, { show: (images: tf.Tensor4D) => programs.show(parameters(), images) })
    : logits;
}

function viewsOf({ weights, others, all, dense, sparse }: Parts, shows: boolean): ProgramViews {
  return {
    weights,
    dense: logitsOf(dense, () => all, shows),
    sparse: (own) => logitsOf(sparse, () => tf.concat1d([own, others]), shows),
  };
}

/**
 * Both views of an objective by programs: the dense network's, constants, and those of prunable weights that a gradient
 * goes to, under whatever mask was multiplied in.
 */
export class ObjectivePrograms implements ProgramViews {
  readonly weights: tf.Tensor1D;
  readonly dense: Logits;
  readonly sparse: ProgramViews['sparse'];
  readonly #parts: Parts;
  readonly #plain: ProgramViews | undefined;
  /** With activations. */
  readonly #showing: ProgramViews | undefined;

  private constructor(parts: Parts, { plain, shows }: { plain: boolean; shows: boolean }) {
    this.#parts = parts;
    this.#plain = plain ? viewsOf(parts, false) : undefined;
    this.#showing = shows ? viewsOf(parts, true) : undefined;
    const own = (this.#plain ?? this.#showing)!;
    this.weights = own.weights;
    this.dense = own.dense;
    this.sparse = own.sparse;
  }

  /**
   * Nothing where ops serve each of the objectives (see `objectiveRoad`). Where some need activations and others do not, its
   * own views are those of the others. The parameters may be disposed before the programs are, which the caller does.
   */
  static of(
    network: Network,
    parameters: NamedTensors,
    objectives: readonly Objective[],
  ): ObjectivePrograms | undefined {
    const served = objectives.filter((objective) => !needsOps(objective));
    if (served.length === 0) return undefined;
    const { network: own, size } = prunableFirst(network);
    const dense = NetworkPrograms.of(own, undefined, { differentiable: false });
    const sparse = dense && NetworkPrograms.of(own, undefined, { differentiable: true });
    if (!sparse) return undefined;
    const plain = served.some((objective) => !needsActivations(objective));
    const shows = served.some(needsActivations) && sparse.shows();
    if (!plain && !shows) return undefined;
    const all = tf.tidy(() =>
      tf.concat1d(
        own.parameters.map(({ name }) => tf.reshape<tf.Rank.R1>(parameters[name]!, [-1])),
      ),
    );
    const weights = tf.slice1d(all, 0, size);
    const others = tf.slice1d(all, size, all.size - size);
    return new ObjectivePrograms({ weights, others, all, dense, sparse }, { plain, shows });
  }

  /** The views that serve an objective; nothing where ops do. */
  for(objective: Objective): ProgramViews | undefined {
    if (needsOps(objective)) return undefined;
    return needsActivations(objective) ? this.#showing : this.#plain;
  }

  dispose(): void {
    const { weights, others, all, dense, sparse } = this.#parts;
    tf.dispose([weights, others, all]);
    dense.dispose();
    sparse.dispose();
  }
}
