import type { z } from 'zod';
import { type GivenOptions, parseOptions } from './options.ts';
import type { ProgressReport } from './pruner.ts';

/** What a run does, in this order. */
export type RunPhase = 'pretrain' | 'search' | 'train' | 'evaluate';

/** What a ticket keeps of each prunable parameter. */
export interface KeptOfLayer {
  readonly name: string;
  readonly kept: number;
  readonly size: number;
}

/** What every finished run says of itself; accuracies are fractions, losses in nats. */
export interface RunOutcome {
  readonly method: string;
  readonly objective?: string;
  readonly model: string;
  readonly dataset: string;
  readonly seed: number;
  /** The density asked for; the one reached is kept / size. */
  readonly density: number;
  readonly kept: number;
  readonly size: number;
  readonly testAccuracy: number;
  readonly testLoss: number;
  readonly validationAccuracy: number;
  /** Validation accuracy of the ticket at the start point. */
  readonly accuracyBeforeTraining: number;
  /** Of each phase, work of interrupted processes included. */
  readonly minutes: Readonly<Record<'pretrain' | 'search' | 'train', number>>;
}

/** What happens in a run; plain data, which survives JSON. */
export type RunEvent =
  /** The run is gone on with by something else than before, such as another instruction set: the numbers from here on are its. */
  | {
      readonly type: 'environment';
      readonly changes: readonly {
        readonly name: string;
        readonly before: string;
        readonly now: string;
      }[];
    }
  /** A phase begins, or goes on after an interruption. */
  | { readonly type: 'phase'; readonly phase: RunPhase }
  /** A step was taken. Steps that an interruption lost are taken, and told, once more, with the same numbers. */
  | ({ readonly type: 'step'; readonly phase: RunPhase } & ProgressReport)
  /** The network was evaluated on the validation images after a step of training, as often as the run is asked to. */
  | {
      readonly type: 'validation';
      readonly phase: RunPhase;
      /** That many steps of the phase are done. */
      readonly step: number;
      /** The one that the step ended, from 0. */
      readonly epoch: number;
      /** A fraction. */
      readonly validationAccuracy: number;
      /** Mean cross-entropy in nats. */
      readonly validationLoss: number;
    }
  /** A method that prunes in rounds has trained under the ticket of one. Rounds of before are told again, as is the ticket. */
  | {
      readonly type: 'round';
      readonly round: number;
      readonly density: number;
      readonly kept: number;
      /** A fraction. */
      readonly validationAccuracy: number;
    }
  /** The ticket is there: found now or before. */
  | {
      readonly type: 'ticket';
      readonly kept: number;
      readonly size: number;
      readonly layers: readonly KeptOfLayer[];
      /** What a reader of the ticket should know about how it was made, and which layers it leaves empty; not of a finished run's. */
      readonly notes?: readonly string[];
    }
  | { readonly type: 'result'; readonly result: RunOutcome };

/** What was noted of a step before this process, or of a validation after one: its numbers are called as in the event. */
export interface NotedNumbers {
  readonly phase: RunPhase;
  /** From 1. */
  readonly step: number;
  /** From 0. */
  readonly epoch: number;
  readonly values: Readonly<Record<string, number>>;
}

/** The run that is observed. */
export interface ObservedRun {
  /** Where it is kept: its folder, on a disk. */
  readonly place: string;
  /** Its `config.json`. */
  readonly config: Readonly<Record<string, unknown>>;
  /**
   * What earlier processes noted, in order, for who missed it. The last of these steps may be taken, and told, once more.
   * Left out where nobody kept it.
   */
  readonly noted?: () => Promise<readonly NotedNumbers[]>;
}

/** How a process came to be done with a run; `finished` is as far as it was to go. */
export type RunEnding = 'finished' | 'interrupted' | 'failed';

/** Watches one run. */
export interface RunObserver {
  /** Told of what happened, in order. It keeps the run waiting, so it had better be quick. */
  on(event: RunEvent): void;
  /** The process is done with the run; `ending` is left out where nobody knows which. */
  close?(ending?: RunEnding): Promise<void>;
}

/**
 * Something that can watch runs: `winnow run --observe NAME`. What it or the observer that it returns throws is
 * told once, and costs the run nothing.
 */
export interface ObserverDescriptor<S extends z.ZodType = z.ZodType> {
  readonly kind: 'observer';
  readonly name: string;
  readonly summary: string;
  /** The third party's plugin that brings it, set as that is loaded. */
  readonly plugin?: string;
  readonly options: S;
  observe(run: ObservedRun, options?: GivenOptions): Promise<RunObserver>;
}

/** An observer as its author writes it; `observe` gets the options checked, and with their defaults. */
export interface ObserverDefinition<S extends z.ZodType> extends Omit<
  ObserverDescriptor<S>,
  'kind' | 'plugin' | 'observe'
> {
  observe(run: ObservedRun, options: z.output<S>): RunObserver | Promise<RunObserver>;
}

/** Makes a component of an observer, for `definePlugin`. */
export function defineObserver<S extends z.ZodType>(
  definition: ObserverDefinition<S>,
): ObserverDescriptor {
  return {
    ...definition,
    kind: 'observer',
    observe: async (run, options = {}) =>
      definition.observe(
        run,
        parseOptions(definition.options, options, `observer "${definition.name}"`),
      ),
  };
}
