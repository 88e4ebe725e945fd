import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as z from 'zod';
import type { Batch } from './dataset.ts';
import type { Network } from './model.ts';
import type { NamedTensors } from './named-tensors.ts';
import type { Need } from './needs.ts';
import { type GivenOptions, parseOptions } from './options.ts';
import type { PrepareSetting } from './prepare-setting.ts';
import type { RandomStream } from './random-stream.ts';

/** A network on one batch, computed when asked and only once. */
export interface NetworkView {
  /** [batch, classes] */
  logits(): Tensor2D;
  /** Every ReLU output in order, then the soft-maxed logits; the first axis is the batch. */
  features(): readonly Tensor[];
  /** What the network passes to `capture`, in order, by the name that it gives there; the first axis is the batch. */
  activations(): ReadonlyMap<string, Tensor>;
  /** ∇_θ of the mean cross-entropy, for every learnable parameter by name. Under a mask it carries the mask as a factor. */
  gradients(): NamedTensors;
}

/** A batch, and the network on it. */
export interface BatchViews {
  readonly batch: Batch;
  /** The network under the mask; differentiable with respect to the mask and the parameters. */
  readonly sparse: NetworkView;
  /** The same network without a mask; constants. */
  readonly dense: NetworkView;
}

/** What an objective is computed from, each thing when it is asked for. It disposes nothing of it. */
export interface ObjectiveInput extends BatchViews {
  readonly network: Network;
  /** Of the sparse network, by name; without the mask. */
  readonly parameters: NamedTensors;
  /** By prunable parameter, in its shape: 0/1, or relaxed and differentiable in a search. None stands for ones all over. */
  readonly mask: NamedTensors | undefined;
  /** Names of the prunable parameters, in order. */
  readonly prunable: readonly string[];
  /** Of the search, counted from 0; 0 where there is none. */
  readonly step: number;
  /** Counted from 0. */
  readonly epoch: number;
  /** A stream of the objective's own; its counter is free, `step` for fresh numbers at every step. */
  readonly random: RandomStream;
  /** A batch of validation images, another one at every step. Throws BAD_OBJECTIVE unless `needs` names `held-out-batch`. */
  readonly heldOut: () => BatchViews;
  /** The training batch of the next step. Throws BAD_OBJECTIVE unless `needs` names `next-batch`. */
  readonly next: () => BatchViews;
}

/** A scalar to be minimised, or that and numbers that it is made of, scalars too, for progress and metrics. */
export type ObjectiveValue =
  | Tensor
  | { readonly value: Tensor; readonly terms: Readonly<Record<string, Tensor>> };

/**
 * What a mask should be good at: a value to be minimised. Written once, read by searches, scorings and comparisons. It is
 * evaluated with the options that it was configured with, or with its defaults.
 */
export interface Objective {
  readonly kind: 'objective';
  readonly name: string;
  readonly summary: string;
  /** The third party's plugin that brings it, set as that is loaded. */
  readonly plugin?: string;
  /** Command-line help, validation and the run's record all derive from this. */
  readonly options: z.ZodType;
  /** The options that this one is configured with, as they were given. */
  readonly given: GivenOptions;
  readonly needs: readonly Need[];
  /** The factor c that a search multiplies the value by. */
  readonly lossScale: number;
  /** Multiplies the rate of the Lagrange multiplier; 1 unless said otherwise. */
  readonly multiplierRate?: number;
  /** True where the gradient at the dense mask is (nearly) 0, so that saliency there would be rounding alone. */
  readonly stationaryAtDense: boolean;
  /** The same objective with these options. Throws INVALID_OPTION. */
  configure(options: GivenOptions): Objective;
  /** Throws a `WinnowError` for a network or data that it does not go with; before anything is trained. */
  readonly prepare?: (setting: PrepareSetting) => void | Promise<void>;
  evaluate(input: ObjectiveInput): ObjectiveValue;
}

/** An objective as its author writes it; its functions get the options checked, and with their defaults. */
export interface ObjectiveDefinition<S extends z.ZodType> extends Pick<
  Objective,
  'name' | 'summary' | 'lossScale' | 'multiplierRate' | 'stationaryAtDense'
> {
  /** An object of zod; none where left out. */
  readonly options?: S;
  readonly needs?: readonly Need[];
  readonly prepare?: (setting: PrepareSetting, options: z.output<S>) => void | Promise<void>;
  evaluate(input: ObjectiveInput, options: z.output<S>): ObjectiveValue;
}

const NO_OPTIONS = z.strictObject({});

function configured<S extends z.ZodType>(
  definition: ObjectiveDefinition<S>,
  given: GivenOptions,
): Objective {
  const { options: schema = NO_OPTIONS as unknown as S, needs = [], prepare, ...own } = definition;
  let settled: { readonly options: z.output<S> } | undefined;
  const settle = () =>
    (settled ??= { options: parseOptions(schema, given, `objective "${own.name}"`) }).options;
  return {
    ...own,
    kind: 'objective',
    options: schema,
    given,
    needs,
    configure(options) {
      parseOptions(schema, options, `objective "${own.name}"`);
      return configured(definition, options);
    },
    ...(prepare && { prepare: (setting) => prepare.call(definition, setting, settle()) }),
    evaluate: (input) => definition.evaluate(input, settle()),
  };
}

/** Makes a component of an objective, for `definePlugin`. */
export function defineObjective<S extends z.ZodType = typeof NO_OPTIONS>(
  definition: ObjectiveDefinition<S>,
): Objective {
  return configured(definition, {});
}
