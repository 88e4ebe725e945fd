import type * as z from 'zod';
import type { Checkpoints, ScopedCheckpoints } from './checkpoints.ts';
import type { Batch, ImageSource } from './dataset.ts';
import type { Network } from './model.ts';
import type { NamedTensors } from './named-tensors.ts';
import type { Need } from './needs.ts';
import type { Objective } from './objective.ts';
import { type GivenOptions, parseOptions } from './options.ts';
import type { PreparePruner } from './prepare-setting.ts';
import type { RandomStreams } from './random-stream.ts';
import type { Road } from './road.ts';
import type { LayerMask, LayerScores, TicketData } from './ticket-data.ts';

/** Where long work is; one a step. */
export interface ProgressReport {
  /** Steps done and steps in all. */
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly epochs: number;
  /** Images that this step processed. */
  readonly images: number;
  /** Numbers worth showing and keeping: loss, density, lambda, accuracy … */
  readonly values: Readonly<Record<string, number>>;
}

/** The schedule that the sparse network will train on; searches derive theirs from it. */
export interface TrainingSchedule {
  readonly epochs: number;
  readonly learningRate: number;
  readonly batchSize: number;
}

/** Where a search in rounds passes through the ticket of a shorter one. */
export interface PassedRound {
  /** Counted from 0, the dense network: how many rounds have pruned before it. */
  readonly at: number;
  /** How many rounds the shorter search trains. */
  readonly rounds: number;
}

/** A search whose time is to be reckoned. */
export interface ReckonedSearch {
  readonly density: number;
  readonly schedule: TrainingSchedule;
  /** Epochs of training from the start point to the end. */
  readonly epochsLeft: number;
}

/** What a method that trains learnt on the way to its ticket. */
export interface TrainedRound {
  /** Counted from 0, the dense network. */
  readonly round: number;
  /** The part of the weights that was trained. */
  readonly density: number;
  /** By prunable parameter. */
  readonly layers: ReadonlyMap<string, LayerMask>;
  /** Of the network trained under this mask. */
  readonly validationAccuracy: number;
}

/** The same as a caller of the method gets it. */
export interface PruningRound extends Pick<TrainedRound, 'round' | 'validationAccuracy'> {
  readonly ticket: TicketData;
}

/** One training from the start point to the end, inside a method. */
export interface FullTraining {
  /** By prunable parameter; every weight where there is none. */
  readonly mask?: ReadonlyMap<string, LayerMask> | undefined;
  /** The rest of the schedule in so many epochs; all that are left when left out. */
  readonly epochs?: number | undefined;
  /** Where this training keeps its state, a scope of the method's; it goes on from what it finds there. */
  readonly checkpoints: Checkpoints;
  progress(report: ProgressReport): void;
}

/** What a weight is compared with: all others, or those of its layer, which keeps its share or an Erdős–Rényi-kernel one. */
export type Scope = 'global' | 'layer' | 'erk';

/**
 * What a layer's count is in proportion to, above 0, by the layer's parameter: its size stands for `layer`, the sum of its
 * shape for `erk`. What a layer cannot hold goes to the others; Infinity keeps it whole.
 */
export type LayerWeight = (
  parameter: Readonly<{ name: string; shape: readonly number[] }>,
) => number;

/** How scores become a ticket. */
export interface Keeping {
  /** `global` when left out; a function shares out as it says. */
  readonly within?: Scope | LayerWeight | undefined;
  /** Of a round on the way; the method's κ when left out. */
  readonly density?: number | undefined;
  /** What a reader of the ticket should know about how it was made. */
  readonly notes?: readonly string[] | undefined;
}

/** What a method finds a ticket with. */
export interface PrunerContext {
  readonly network: Network;
  /** The parameters at the start point, from which the ticket will train. The caller owns them; they don't change. */
  readonly parameters: NamedTensors;
  /** SHA-256 (hex) of `parameters`, for the ticket's provenance. */
  readonly weightsHash: string;
  /** κ in (0, 1). */
  readonly density: number;
  /** By prunable parameter: the part of its weights that the ticket keeps in the end, which is κ but where the user chose otherwise. */
  densityOf(parameter: string): number;
  readonly seed: number;
  readonly random: RandomStreams;
  readonly train: ImageSource;
  /** Held out of the training images. */
  readonly validation: ImageSource;
  readonly schedule: TrainingSchedule;
  /** What the user chose, with its options. Throws BAD_METHOD unless the method's `needs` name `objective`. */
  readonly objective: Objective;
  /**
   * The ticket of the largest scores, one a prunable weight by parameter: exactly ⌊κd⌋ of them, ties to the lower flat
   * index, and as many in each layer as the user chose for it. Throws NAN_SCORE; LAYER_DENSITY where more is to stay whole.
   */
  keepLargest(scores: ReadonlyMap<string, LayerScores>, keeping?: Keeping): TicketData;
  /**
   * Trains from the start point to the end of the schedule with a fresh optimiser, as the ticket will be trained. Returns
   * all parameters, which the caller disposes. Throws LOSS_NOT_FINITE, or INTERRUPTED after the state was saved.
   */
  trainToEnd(training: FullTraining): Promise<NamedTensors>;
  /**
   * Accuracy on the validation images; of parameters that are 0 but for those that a mask keeps, faster with that. Throws
   * LOSS_NOT_FINITE, INTERRUPTED.
   */
  validationAccuracy(
    parameters: NamedTensors,
    mask?: ReadonlyMap<string, LayerMask>,
  ): Promise<number>;
  /** Keeps a ticket on the way to the last one, with what is known of it. */
  keepRound(round: TrainedRound): Promise<void>;
  progress(report: ProgressReport): void;
  readonly checkpoints: ScopedCheckpoints;
  /** When it fires, save the state and throw `interrupted()`. */
  readonly signal: AbortSignal;
}

/** What weights are scored from. */
export interface ScoringInput {
  readonly network: Network;
  /** By name, without the mask. */
  readonly parameters: NamedTensors;
  /** The prunable ones one after another [d], without the mask. */
  readonly weights: Float32Array;
  /** 0/1 [d]: what earlier rounds have kept. All, where there is none. */
  readonly mask: Float32Array | undefined;
  /** Examples on the device; none unless the method needs them. */
  readonly batches: readonly Batch[];
  /** A batch of validation images beside each; none unless the objective needs them. */
  readonly heldOut: readonly Batch[];
  /** Throws BAD_METHOD unless the method's `needs` name `objective`. */
  readonly objective: Objective;
  /** Counted from 0. */
  readonly round: number;
  readonly random: RandomStreams;
  /** For long work to await between its parts: lets signals through. Throws INTERRUPTED once one has fired. */
  readonly nextTurn: () => Promise<void>;
}

/** How scores become a ticket. */
export interface ScoringPlan {
  /** Which end of the scores stays. */
  readonly keep: 'largest' | 'lowest';
  readonly within: Scope;
  /** Of scoring and pruning; round n of N keeps κ^(n/N). */
  readonly iterations: number;
  /** 0 for methods that need none. */
  readonly examplesPerClass: number;
  /** What a reader of the ticket should know. */
  readonly notes: readonly string[];
}

/** The part of a method that gives every prunable weight a number, with its options settled. */
export interface Scoring {
  plan(objective: Objective | undefined): ScoringPlan;
  /** One score a prunable weight [d]. Throws what the method does. */
  score(input: ScoringInput): Float32Array | Promise<Float32Array>;
}

/** A method by name. `findTicket` throws what went wrong, and `interrupted()` once `signal` fired and its state was saved. */
export interface PrunerDescriptor<S extends z.ZodType = z.ZodType> {
  readonly kind: 'pruner';
  readonly name: string;
  readonly summary: string;
  /** The third party's plugin that brings it, set as that is loaded. */
  readonly plugin?: string;
  /** Command-line help, validation and the run's record all derive from this. */
  readonly options: S;
  readonly needs: readonly Need[];
  /** The objective that it follows where the user chose none; of methods that need one. */
  readonly defaultObjective?: string;
  /** The density of its tickets, for a method that has one of its own: it is taken where the user gives none. */
  readonly density?: (options: GivenOptions) => Promise<number>;
  /** SHA-256 (hex) of the files that its options name and that decide its ticket: with another one, a run is another run. */
  readonly checksum?: (options: GivenOptions) => Promise<string>;
  /** Throws a `WinnowError` for a network, data or density that it does not go with; before anything is trained. */
  readonly prepare?: (setting: PreparePruner, options: GivenOptions) => void | Promise<void>;
  /**
   * By what its search computes the network on the backend in use, for a run to record. It is left out by methods that
   * compute nothing, that train alone, or that do not know beforehand.
   */
  readonly road?: (network: Network, objective: Objective | undefined) => Road;
  /** About how long its search takes, in epochs of dense training; left out where that is next to nothing. */
  readonly searchEpochs?: (search: ReckonedSearch, options: GivenOptions) => number;
  /**
   * Of a method that trains in rounds: the round whose ticket, as a search for a lower density passes through it, may be
   * the one that a search for this density ends with; undefined where it is another one. It is, where it keeps as many.
   */
  readonly roundAt?: (density: number, options: GivenOptions) => PassedRound | undefined;
  /** The ticket keeps exactly ⌊κd⌋ weights. */
  findTicket(context: PrunerContext, options: GivenOptions): Promise<TicketData>;
  /** Of a method that scores weights (`defineScoring` of `@winnow/pruners`): its scores alone. Throws INVALID_OPTION. */
  readonly scoring?: (options: GivenOptions) => Scoring;
}

/** A method as its author writes it; its functions get the options checked, and with their defaults. */
export interface PrunerDefinition<S extends z.ZodType> extends Omit<
  PrunerDescriptor<S>,
  | 'kind'
  | 'plugin'
  | 'needs'
  | 'density'
  | 'checksum'
  | 'prepare'
  | 'searchEpochs'
  | 'roundAt'
  | 'findTicket'
> {
  readonly needs?: readonly Need[];
  readonly density?: (options: z.output<S>) => Promise<number>;
  readonly checksum?: (options: z.output<S>) => Promise<string>;
  readonly prepare?: (setting: PreparePruner, options: z.output<S>) => void | Promise<void>;
  readonly searchEpochs?: (search: ReckonedSearch, options: z.output<S>) => number;
  readonly roundAt?: (density: number, options: z.output<S>) => PassedRound | undefined;
  findTicket(context: PrunerContext, options: z.output<S>): Promise<TicketData>;
}

/** Makes a component of a method, for `definePlugin`. */
export function definePruner<S extends z.ZodType>(
  definition: PrunerDefinition<S>,
): PrunerDescriptor {
  const { needs = [], density, checksum, prepare, searchEpochs, roundAt, ...own } = definition;
  const settle = (options: GivenOptions) =>
    parseOptions(own.options, options, `method "${own.name}"`);
  return {
    ...own,
    kind: 'pruner',
    needs,
    ...(density && { density: async (options) => density.call(definition, settle(options)) }),
    ...(checksum && { checksum: async (options) => checksum.call(definition, settle(options)) }),
    ...(prepare && {
      prepare: (setting, options) => prepare.call(definition, setting, settle(options)),
    }),
    ...(searchEpochs && {
      searchEpochs: (search, options) => searchEpochs.call(definition, search, settle(options)),
    }),
    ...(roundAt && {
      roundAt: (kept, options) => roundAt.call(definition, kept, settle(options)),
    }),
    findTicket: async (context, options) => definition.findTicket(context, settle(options)),
  };
}
