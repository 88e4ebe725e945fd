import { resolve } from 'node:path';
import type { ExecutorSetting, GivenOptions, JobPoint, RunJob } from '@winnow/plugin-api';
import type { RunFolder } from '@winnow/experiments';
import type { Given, Sharing } from '../share/shared-runs.ts';
import type { NamedRun } from './named-run.ts';

/** `execute` of an executor. */
export type Execute = (
  jobs: readonly RunJob[],
  setting: ExecutorSetting,
  options: GivenOptions,
) => Promise<void>;

/** A job of a run that is known here. */
export interface Job<R extends NamedRun = NamedRun> extends RunJob {
  readonly run: R;
}

/** What a run has of its own already. */
export type Made = Pick<Given, 'start' | 'ticket'>;

/** Whether a run is where it is to come to: its ticket is wanted in itself, as its result is. */
export async function hasReached(folder: RunFolder, until: 'ticket' | 'end'): Promise<boolean> {
  return until === 'ticket' ? folder.has('ticket') : (await folder.readResult()) !== undefined;
}

/** Whether a run needs no job to a point on its way: one with a result has passed it, whatever of it was kept. */
export async function hasPassed(folder: RunFolder, point: 'start' | 'ticket'): Promise<boolean> {
  return (await folder.has(point)) || (await folder.readResult()) !== undefined;
}

const called = { start: 'start point', ticket: 'ticket' } as const;

/**
 * The jobs that take runs to a point: what several of them share is a job of its own, before theirs, unless it is made. Of
 * two jobs of a run the later one waits for the earlier.
 */
export function planJobs<R extends NamedRun>(
  runs: readonly R[],
  until: 'ticket' | 'end',
  sharing: ReadonlyMap<R, Sharing<R>>,
  made: ReadonlyMap<R, Made>,
): Job<R>[] {
  const left = new Set(runs);
  const jobs: Job<R>[] = [];
  const job = (run: R, point: JobPoint, after: readonly (Job<R> | undefined)[]): Job<R> => {
    const name = point === 'end' || point === until ? run.name : `${run.name}, ${called[point]}`;
    const known = [...new Set(after)].filter((one) => one !== undefined);
    const one = { run, name, folder: resolve(run.folder.path), until: point, after: known };
    jobs.push(one);
    return one;
  };
  /** Those that others wait for, with what these take from them. */
  const leaders = (of: 'start' | 'ticket', leaderOf: (own: Sharing<R>) => R | undefined) => {
    const waiting = runs.filter((run) => !made.get(run)![of]);
    const found = waiting.map((run) => leaderOf(sharing.get(run)!));
    return new Set(found.filter((one) => one && left.has(one) && !made.get(one)![of])) as Set<R>;
  };
  const isTrained = ({ config: { rewindEpochs, startWeights } }: R) =>
    rewindEpochs > 0 && !startWeights;
  const starts = new Map<R, Job<R>>();
  for (const run of leaders(
    'start',
    ({ start }) => start && (isTrained(start) ? start : undefined),
  ))
    starts.set(run, job(run, 'start', []));
  const startOf = (run: R) => starts.get(run) ?? starts.get(sharing.get(run)!.start ?? run);
  const takenFrom = ({ ticket, rounds }: Sharing<R>) => ticket ?? rounds;
  const searches = new Map<R, Job<R>>();
  const unplanned = leaders('ticket', takenFrom);
  /** After the search that its run takes from itself: a leader's ticket may be one of another leader's rounds. */
  const searchOf = (run: R): Job<R> | undefined => {
    if (unplanned.delete(run)) {
      const other = takenFrom(sharing.get(run)!);
      searches.set(run, job(run, 'ticket', [startOf(run), other && searchOf(other)]));
    }
    return searches.get(run);
  };
  for (const run of [...unplanned]) searchOf(run);
  for (const run of runs) {
    const own = searches.get(run);
    if (own && until === 'ticket') continue;
    const other = takenFrom(sharing.get(run)!);
    job(run, until, [startOf(run), own ?? (other && searches.get(other))]);
  }
  return jobs;
}
