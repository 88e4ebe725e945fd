import { type RunFolder, writeShares } from '@winnow/experiments';
import {
  type ComponentRegistry,
  type ExecutorSetting,
  type GivenOptions,
  INTERRUPTED,
  type JobStanding,
  interrupted,
  isWinnowError,
} from '@winnow/plugin-api';
import { type Given, type Sharing, givenBy, sharedRuns, sharesOf } from '../share/shared-runs.ts';
import { jobFailed } from './job-failed.ts';
import type { NamedRun } from './named-run.ts';
import { keepFailure, readFailure } from './run-failure.ts';
import { type Execute, type Job, hasPassed, hasReached, planJobs } from './run-job.ts';
import { someAtATime } from './some-at-a-time.ts';
import type { StudyListener } from './study-event.ts';
import { unlessInUse } from './unless-in-use.ts';

/** How many runs are carried out. */
export interface ManyRuns extends Pick<ExecutorSetting, 'program' | 'signal'> {
  readonly execute: Execute;
  /** Of the executor. */
  readonly executorOptions: GivenOptions;
  /** Files of plugins that take the place of those that the runs recorded; with `none`, those are not loaded either. */
  readonly plugins: readonly string[] | 'none';
  readonly onEvent: StudyListener;
  /** Of the software, for the record. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What is to come of runs, beside how they are carried out. */
export interface RunsErrand extends Partial<Pick<ExecutorSetting, 'state' | 'follow'>> {
  readonly until: 'ticket' | 'end';
  /** Tells methods whose searches can be shared; start points are in any case. */
  readonly registry?: ComponentRegistry | undefined;
  /** Whether a run that fails is left at that, with its reason in its folder; otherwise it stops all of them. */
  readonly keepFailures?: boolean;
  /** Names of observers that watch the runs where they are carried out. */
  readonly observe?: readonly string[];
  /** Told of each job that is over. */
  readonly onOver?: (job: Job) => Promise<void>;
}

/** Runs that have not come to a point yet, whom they share work with, and the jobs that are left of them. */
export interface WorkLeft<R extends NamedRun = NamedRun> {
  readonly runs: readonly R[];
  readonly sharing: ReadonlyMap<R, Sharing<R>>;
  readonly jobs: readonly Job<R>[];
}

/** Looks at folders alone. Throws what reading a run does. */
export async function workLeft<R extends NamedRun>(
  all: readonly R[],
  { until, registry }: Pick<RunsErrand, 'until' | 'registry'>,
): Promise<WorkLeft<R>> {
  const given = new Map<R, Given>();
  await someAtATime(all, async (run) => {
    given.set(run, await givenBy(run.folder, await hasReached(run.folder, until)));
  });
  const sharing = sharedRuns(all, given, registry);
  const runs = all.filter((run) => !given.get(run)!.isOver);
  return { runs, sharing, jobs: planJobs(runs, until, sharing, given) };
}

/**
 * Makes folders the runs', and says in each whom it can share work with; of runs that are done it is only looked whether
 * their folders are theirs. What others work on is left to them where runs are waited for. Throws RUN_FOLDER_TAKEN,
 * RUN_IN_USE.
 */
async function claimAll(
  all: readonly NamedRun[],
  { runs, sharing }: WorkLeft,
  { keepFailures = false }: RunsErrand,
  { versions }: ManyRuns,
): Promise<void> {
  const left = new Set(runs);
  await someAtATime(all, async (run) => {
    const { folder, config } = run;
    const claim = (place: RunFolder) => place.claim({ ...config, versions });
    if (!left.has(run)) return void (await claim(folder));
    // A sign of life from another machine would be waited for.
    if (keepFailures && (await folder.store.worker())) return;
    const work = folder.hold(async (held) => {
      await claim(held);
      await writeShares(held, sharesOf(run, sharing.get(run)!));
    });
    await (keepFailures ? unlessInUse(work) : work);
  });
}

/** What carries out a job of the program; a winnow.yaml is for what a user types, not for what that starts. */
export function wordsOf(
  { folder, until, run }: Job,
  plugins: ManyRuns['plugins'],
  observe: readonly string[] = [],
): string[] {
  const named =
    plugins === 'none' ? ['--no-plugins'] : plugins.flatMap((path) => ['--plugin', path]);
  return [
    '--no-config',
    'resume',
    folder,
    '--until',
    until,
    '--json',
    // As the study says now, which is no part of what a run is.
    ...(run.config.validateEvery === undefined
      ? []
      : ['--validate-every', String(run.config.validateEvery)]),
    ...named,
    ...observe.flatMap((name) => ['--observe', name]),
  ];
}

async function standingOf(
  { run: { folder }, until: point }: Job,
  { until, keepFailures = false }: RunsErrand,
): Promise<JobStanding> {
  const isOver =
    point === until || point === 'end' ? hasReached(folder, until) : hasPassed(folder, point);
  if (await isOver) return 'done';
  if (await folder.store.worker()) return 'held';
  return keepFailures && (await readFailure(folder)) ? 'failed' : 'open';
}

/**
 * Does what is left of runs, what several share once, in their order as far as that goes. Throws RUN_FOLDER_TAKEN;
 * JOB_FAILED with the run's own error, unless failures are kept; or INTERRUPTED once all have saved their state.
 */
export async function runFolders(
  runs: readonly NamedRun[],
  errand: RunsErrand,
  many: ManyRuns,
): Promise<void> {
  const { keepFailures = false, onOver, state, follow = true, observe } = errand;
  const { program, plugins, onEvent } = many;
  const left = await workLeft(runs, errand);
  await claimAll(runs, left, errand, many);
  const { jobs } = left;
  const isLeft = new Set(left.runs);
  const told = new Set<NamedRun>();
  const tellDone = (run: NamedRun) => {
    if (!told.has(run)) onEvent({ type: 'done', run: run.name });
    told.add(run);
  };
  for (const run of runs) if (!isLeft.has(run)) tellDone(run);
  if (jobs.length === 0) return;
  const stop = new AbortController();
  const last = new Map(jobs.map((job) => [job.run, job]));
  let failure: Error | undefined;
  let stopped = false;
  const setting: ExecutorSetting = {
    program,
    words: (job) => wordsOf(job as Job, plugins, observe),
    standing: (job) => standingOf(job as Job, errand),
    state,
    follow,
    signal: AbortSignal.any([many.signal, stop.signal]),
    onEvent: (job, event) => onEvent({ type: 'run', run: (job as Job).run.name, event }),
    async onEnd(ended, end) {
      const job = ended as Job;
      if (end.state === 'stopped') stopped = true;
      if (end.state === 'failed' && keepFailures) {
        onEvent({ type: 'failed', run: job.run.name, reason: end.reason });
        // Where its folder is gone, or cannot be written, the others go on all the same.
        await keepFailure(job.run.folder, end).catch((error: unknown) => {
          if (!isWinnowError(error)) throw error;
        });
        // Executors pass over what else there is of it, and tell of that no more.
        tellDone(job.run);
      } else if (end.state === 'failed') {
        failure ??= jobFailed(job.run.name, end);
        stop.abort();
      }
      if (end.state !== 'stopped' && job === last.get(job.run)) tellDone(job.run);
      await onOver?.(job);
    },
  };
  try {
    await many.execute(jobs, setting, many.executorOptions);
  } catch (error) {
    if (!failure || !isWinnowError(error) || error.code !== INTERRUPTED || many.signal.aborted)
      throw error;
  }
  if (failure) throw failure;
  if (stopped) throw interrupted();
}
