import type * as z from 'zod';
import type { RunEvent } from './observer.ts';
import { type GivenOptions, parseOptions } from './options.ts';

/** How far a job takes a run: to its start point, its ticket or its result. */
export type JobPoint = 'start' | 'ticket' | 'end';

/** A part of a run's work that one process does. Its folder and how far it goes tell it from all others. */
export interface RunJob {
  /** For people. */
  readonly name: string;
  /** The run's folder, absolute, which says all that is to be known of the run; it is there already. */
  readonly folder: string;
  readonly until: JobPoint;
  /** Jobs that are to be over before, whatever has come of them; in a list of jobs they stand before this one. */
  readonly after: readonly RunJob[];
}

/** What has come of a job. */
export type JobEnd =
  | { readonly state: 'done' }
  /** It was stopped with its state saved, and can go on. */
  | { readonly state: 'stopped' }
  | {
      readonly state: 'failed';
      /** One sentence. */
      readonly reason: string;
      /** Of the error that the run ended with. */
      readonly code?: string;
      /** That ended its process. */
      readonly signal?: string;
      /** The last lines that it wrote. */
      readonly log: readonly string[];
    };

/** What a run folder says of a job: nothing hinders it, another process is at work there, it is done, or it has failed before. */
export type JobStanding = 'open' | 'held' | 'done' | 'failed';

/** What an executor carries jobs out with. */
export interface ExecutorSetting {
  /**
   * Program and first arguments of what carries out a job, in the current folder, once `words` of it follow. It ends with 0
   * when the job is done, with 130 when it was stopped (by SIGINT or SIGTERM) with its state saved, and otherwise with an
   * error as the last `error [CODE]: …` on standard error: RUN_IN_USE where another process works in the folder, which is no
   * failure. `WINNOW_THREADS` in its environment is how many cores it takes.
   */
  readonly program: readonly string[];
  readonly words: (job: RunJob) => readonly string[];
  /** As the folder says it now. */
  readonly standing: (job: RunJob) => Promise<JobStanding>;
  /** Folder of what the executor must know later in other processes, of this study alone; none where nothing is to last. */
  readonly state?: string | undefined;
  /** Stops the work: what outlives this process goes on. */
  readonly signal: AbortSignal;
  /** Whether to wait for jobs that outlive this process; otherwise all is done once they are handed over. */
  readonly follow: boolean;
  /** Of jobs whose progress the executor learns of. */
  readonly onEvent: (job: RunJob, event: RunEvent) => void;
  /** To be told of every job that is over, and waited for. */
  readonly onEnd: (job: RunJob, end: JobEnd) => Promise<void>;
}

/** A job that is handed over, and not over. */
export interface JobUnderWay extends Pick<RunJob, 'folder' | 'until'> {
  readonly state: 'waiting' | 'running';
}

/** To be told, of jobs of earlier calls that are over, what has come of them. */
export type OnHandedEnd = (job: Pick<RunJob, 'folder' | 'until'>, end: JobEnd) => Promise<void>;

/** Carries out the jobs of studies: `executor:` of a study, `winnow study run --executor NAME`. */
export interface Executor<S extends z.ZodType = z.ZodType> {
  readonly kind: 'executor';
  readonly name: string;
  readonly summary: string;
  /** The third party's plugin that brings it, set as that is loaded. */
  readonly plugin?: string;
  /** What a user may say of it, resources among that. */
  readonly options: S;
  /**
   * Carries out jobs, but for those that are under way already; one that fails leaves the others alone. Throws INTERRUPTED
   * once the signal fired and all that ends with this process has saved its state.
   */
  execute(jobs: readonly RunJob[], setting: ExecutorSetting, options: GivenOptions): Promise<void>;
  /** Has all jobs of the study stop, in whatever process they are; gives how many processes or jobs were told so. */
  cancel(setting: Pick<ExecutorSetting, 'state'>, options: GivenOptions): Promise<number>;
  /** What of earlier calls outlives them, and is not over. */
  underWay?(
    setting: Pick<ExecutorSetting, 'state'>,
    options: GivenOptions,
  ): Promise<readonly JobUnderWay[]>;
  /** Tells, once, what has come of jobs that outlived the calls which handed them over, and are over. */
  settle?(
    setting: Pick<ExecutorSetting, 'state'>,
    onEnd: OnHandedEnd,
    options: GivenOptions,
  ): Promise<void>;
  /** What would be handed over, for people to read. */
  script?(
    jobs: readonly RunJob[],
    setting: Pick<ExecutorSetting, 'program' | 'words' | 'state'>,
    options: GivenOptions,
  ): string;
}

/** An executor as its author writes it; its functions get the options checked, and with their defaults. */
export interface ExecutorDefinition<S extends z.ZodType> extends Pick<
  Executor<S>,
  'name' | 'summary' | 'options'
> {
  execute(jobs: readonly RunJob[], setting: ExecutorSetting, options: z.output<S>): Promise<void>;
  cancel(setting: Pick<ExecutorSetting, 'state'>, options: z.output<S>): Promise<number>;
  underWay?(
    setting: Pick<ExecutorSetting, 'state'>,
    options: z.output<S>,
  ): Promise<readonly JobUnderWay[]>;
  settle?(
    setting: Pick<ExecutorSetting, 'state'>,
    onEnd: OnHandedEnd,
    options: z.output<S>,
  ): Promise<void>;
  script?(
    jobs: readonly RunJob[],
    setting: Pick<ExecutorSetting, 'program' | 'words' | 'state'>,
    options: z.output<S>,
  ): string;
}

/** Makes a component of an executor, for `definePlugin`. */
export function defineExecutor<S extends z.ZodType>(definition: ExecutorDefinition<S>): Executor {
  const { name, summary, options: schema } = definition;
  const settle = (options: GivenOptions) => parseOptions(schema, options, `executor "${name}"`);
  return {
    ...{ kind: 'executor', name, summary, options: schema },
    execute: async (jobs, setting, options) => definition.execute(jobs, setting, settle(options)),
    cancel: async (setting, options) => definition.cancel(setting, settle(options)),
    ...(definition.underWay && {
      underWay: async (setting, options) => definition.underWay!(setting, settle(options)),
    }),
    ...(definition.settle && {
      settle: async (setting, onEnd, options) =>
        definition.settle!(setting, onEnd, settle(options)),
    }),
    ...(definition.script && {
      script: (jobs, setting, options) => definition.script!(jobs, setting, settle(options)),
    }),
  };
}
