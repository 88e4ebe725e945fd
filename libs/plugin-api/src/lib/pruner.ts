import type { z } from 'zod';
import type { ImageSource } from './dataset.ts';
import type { Network } from './model.ts';
import type { NamedTensors } from './named-tensors.ts';
import type { Objective } from './objective.ts';
import type { RandomStreams } from './random-stream.ts';
import { parseOptions } from './options.ts';
import type { LayerMask, TicketData } from './ticket-data.ts';

/** State of interrupted work: arrays, and plain values that survive JSON. */
export interface SavedState {
  readonly arrays: Readonly<Record<string, Float32Array>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Where long work keeps its state. */
export interface Checkpoints {
  load(): Promise<SavedState | undefined>;
  /** True when enough time has passed since the last save for another one. */
  due(): boolean;
  save(state: SavedState): Promise<void>;
}

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

/** What a method that trains learnt of one of its tickets on the way. */
export interface PruningRound {
  /** Counted from 0, the dense network. */
  readonly round: number;
  readonly ticket: TicketData;
  /** Of the network trained under the ticket. */
  readonly validationAccuracy: number;
}

/** One training from the start point to the end, inside a method. */
export interface FullTraining {
  /** By prunable parameter; every weight where there is none. */
  readonly mask?: ReadonlyMap<string, LayerMask> | undefined;
  /** Where this training keeps its state; it goes on from what it finds there. */
  readonly checkpoints: Checkpoints;
  progress(report: ProgressReport): void;
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
  readonly seed: number;
  readonly random: RandomStreams;
  readonly train: ImageSource;
  readonly schedule: TrainingSchedule;
  /**
   * Trains from the start point to the end of the schedule with a fresh optimiser, as the ticket will be trained. Returns
   * all parameters, which the caller disposes. Throws LOSS_NOT_FINITE, or INTERRUPTED after the state was saved.
   */
  trainToEnd(training: FullTraining): Promise<NamedTensors>;
  /** Accuracy on the validation images. */
  validationAccuracy(parameters: NamedTensors): Promise<number>;
  /** Keeps a ticket on the way to the last one, with what is known of it. */
  keepRound(round: PruningRound): Promise<void>;
  /** Looks an objective up; throws a `WinnowError` that lists the known ones. */
  objective(name: string): Objective;
  progress(report: ProgressReport): void;
  readonly checkpoints: Checkpoints;
  /** When it fires, save the state and throw `interrupted()`. */
  readonly signal: AbortSignal;
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
  /** The ticket keeps exactly ⌊κd⌋ weights. */
  findTicket(context: PrunerContext, options: z.output<S>): Promise<TicketData>;
}

/** Options are checked, and their defaults filled in, before `findTicket` sees them. */
export function definePruner<S extends z.ZodType>(
  pruner: Omit<PrunerDescriptor<S>, 'kind' | 'plugin'>,
): PrunerDescriptor {
  const findTicket: PrunerDescriptor['findTicket'] = (context, options) =>
    pruner.findTicket(context, parseOptions(pruner.options, options, `method "${pruner.name}"`));
  return { ...pruner, kind: 'pruner', findTicket };
}
