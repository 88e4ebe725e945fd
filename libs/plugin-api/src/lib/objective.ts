import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Batch } from './dataset.ts';
import type { NamedTensors } from './named-tensors.ts';

/** A network on one batch, computed when asked and only once. */
export interface NetworkView {
  /** [batch, classes] */
  logits(): Tensor2D;
  /** Every ReLU output in order, then the soft-maxed logits; the first axis is the batch. */
  features(): readonly Tensor[];
  /** ∇_θ of the mean cross-entropy, for every learnable parameter by name. Under a mask it carries the mask as a factor. */
  gradients(): NamedTensors;
}

/** What an objective is computed from. It disposes nothing of it. */
export interface ObjectiveInput {
  readonly batch: Batch;
  /** The network under the mask; differentiable with respect to the mask and the parameters. */
  readonly sparse: NetworkView;
  /** The same network without a mask; constants. */
  readonly dense: NetworkView;
  /** Names of the prunable parameters, in order. */
  readonly prunable: readonly string[];
}

/** What a mask should be good at: a value to be minimised. Written once, read by searches, scorings and comparisons. */
export interface Objective {
  readonly kind: 'objective';
  readonly name: string;
  readonly summary: string;
  /** The third party's plugin that brings it, set as that is loaded. */
  readonly plugin?: string;
  /** The factor c that a search multiplies the value by. */
  readonly lossScale: number;
  /** Multiplies the rate of the Lagrange multiplier; 1 unless said otherwise. */
  readonly multiplierRate?: number;
  /** True where the gradient at the dense mask is (nearly) 0, so that saliency there would be rounding alone. */
  readonly stationaryAtDense: boolean;
  /** A scalar. */
  evaluate(input: ObjectiveInput): Tensor;
}

/** Makes a component of an objective, for `definePlugin`. */
export function defineObjective(objective: Omit<Objective, 'kind' | 'plugin'>): Objective {
  return { ...objective, kind: 'objective' };
}
