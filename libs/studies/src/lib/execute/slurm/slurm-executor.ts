import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Executor,
  type ExecutorSetting,
  INTERRUPTED,
  type JobEnd,
  type RunJob,
  WinnowError,
  defineExecutor,
  interrupted,
  isWinnowError,
} from '@winnow/plugin-api';
import {
  type HandedTask,
  clearAway,
  handedTasks,
  isCancelled,
  markCancelled,
  markTold,
  withHandedTasks,
} from './handed-tasks.ts';
import { type SlurmOptions, slurmOptions } from './slurm-options.ts';
import { type QueuedTask, type SlurmCommand, SlurmQueue, slurmCommand } from './slurm-queue.ts';
import { submissionText, submit } from './submission.ts';
import { taskEnd } from './task-end.ts';

/** How long files of other machines may take to be seen here: NFS keeps what it knows for a minute. */
const LAG_MS = 60_000;

/** How often in a row Slurm may fail to answer, as it does for minutes when it is busy or restarts. */
const MOST_FAILURES = 30;

/** Where there is no Slurm the runs' folders alone tell. */
async function unlessNoSlurm<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((error: unknown) => {
    if (isWinnowError(error) && error.code === 'NO_SLURM') return undefined;
    throw error;
  });
}

const keyOf = ({ folder, until }: Pick<RunJob, 'folder' | 'until'>) => `${until} ${folder}`;

function queuedOf(tasks: readonly HandedTask[], queue: SlurmQueue): Promise<QueuedTask[]> {
  return queue.tasks([...new Set(tasks.map(({ array }) => array.name))]);
}

/** Where a task stands in the queue, or what has come of it. */
interface Looked {
  readonly task: HandedTask;
  readonly queued?: QueuedTask;
  readonly end?: JobEnd;
}

/** How it is about the jobs of studies at Slurm. */
class HandedJobs {
  readonly #queue: SlurmQueue;
  readonly #lagMs: number;

  constructor(queue: SlurmQueue, lagMs: number) {
    this.#queue = queue;
    this.#lagMs = lagMs;
  }

  async #look(tasks: readonly HandedTask[]): Promise<Looked[]> {
    const all = await queuedOf(tasks, this.#queue);
    const queued = new Map(all.map((one) => [`${one.name}-${one.index}`, one]));
    const looked: Looked[] = [];
    for (const task of tasks) {
      const found = queued.get(`${task.array.name}-${task.index}`);
      const end = found ? undefined : await taskEnd(task, this.#queue, this.#lagMs);
      looked.push({ task, ...(found && { queued: found }), ...(end && { end }) });
    }
    return looked;
  }

  /** Tells what has come of jobs that are over. Gives the others. */
  async settle(
    state: string,
    onEnd: (job: HandedTask['job'], end: JobEnd) => Promise<void>,
  ): Promise<Looked[]> {
    const left: Looked[] = [];
    for (const one of await this.#look(await handedTasks(state))) {
      const { task, end } = one;
      if (!end) left.push(one);
      else {
        await onEnd(task.job, end);
        await markTold(task);
      }
    }
    await clearAway(state);
    return left;
  }

  /** Hands over what is not under way, and gives all that is, with the job that it does. */
  async handOver(
    jobs: readonly RunJob[],
    setting: ExecutorSetting & { readonly state: string },
    options: SlurmOptions,
  ): Promise<Map<HandedTask, RunJob>> {
    const { state, standing, onEnd } = setting;
    const open = new Map<string, RunJob>();
    for (const job of jobs) {
      const found = await standing(job);
      if (found === 'done') await onEnd(job, { state: 'done' });
      else if (found !== 'failed') open.set(keyOf(job), job);
    }
    const left = await this.settle(state, async (handed, end) => {
      const job = open.get(keyOf(handed));
      if (!job || end.state !== 'failed') return;
      open.delete(keyOf(job));
      await onEnd(job, end);
    });
    const known = new Map<HandedTask, RunJob>();
    const ids = new Map<string, string>();
    for (const { task, queued } of left) {
      if (isCancelled(task)) continue;
      const key = keyOf(task.job);
      if (queued) ids.set(key, queued.id);
      const job = open.get(key);
      if (job) known.set(task, job);
      open.delete(key);
    }
    const idsOf = (job: RunJob) => [ids.get(keyOf(job))].filter((id) => id !== undefined);
    const fresh = await submit([...open.values()], setting, options, this.#queue, idsOf);
    return new Map([...known, ...fresh]);
  }

  /** Waits until all are over. Throws INTERRUPTED once the signal fired, NO_SLURM, SLURM_FAILED. */
  async follow(
    waited: Map<HandedTask, RunJob>,
    { signal, standing, onEnd }: ExecutorSetting,
    { pollSeconds }: SlurmOptions,
  ): Promise<void> {
    let failures = 0;
    const look = async () => {
      try {
        const looked = await this.#look([...waited.keys()]);
        failures = 0;
        return looked;
      } catch (error) {
        const mayPass = isWinnowError(error) && error.code === 'SLURM_FAILED';
        if (!mayPass || ++failures === MOST_FAILURES) throw error;
        return [];
      }
    };
    while (waited.size > 0) {
      await sleep(pollSeconds * 1000, undefined, { signal }).catch(() => {});
      if (signal.aborted) throw leaving(waited.size);
      for (const { task, end } of await look()) {
        if (!end) continue;
        const job = waited.get(task)!;
        waited.delete(task);
        const found = await standing(job);
        if (found !== 'failed') await onEnd(job, found === 'done' ? { state: 'done' } : end);
        await markTold(task);
      }
    }
  }

  /** Has all stop, and gives how many jobs were told so. */
  async cancel(state: string): Promise<number> {
    const tasks = await handedTasks(state);
    const folders = new Set(tasks.map(({ folder }) => folder));
    for (const folder of folders) await markCancelled(folder);
    const queued = await queuedOf(tasks, this.#queue);
    await this.#queue.cancel([...new Set(queued.map(({ id }) => id))]);
    return queued.length;
  }
}

const leaving = (jobs: number) =>
  new WinnowError(
    INTERRUPTED,
    `Stopped following; ${jobs} ${jobs === 1 ? 'job goes' : 'jobs go'} on at Slurm.`,
    {
      hint: 'The same command follows them again, `winnow study cancel` stops them.',
    },
  );

/** Slurm by its commands. Throws, in all that asks it, NO_SLURM and SLURM_FAILED. */
export function slurmExecutor(command: SlurmCommand = slurmCommand, lagMs = LAG_MS): Executor {
  const queue = new SlurmQueue(command);
  const handed = new HandedJobs(queue, lagMs);
  return defineExecutor({
    name: 'slurm',
    summary: 'arrays of Slurm, on a folder that its nodes share',
    options: slurmOptions,
    async execute(jobs, setting, options) {
      const { state, signal } = setting;
      if (state === undefined) throw new Error('Jobs of Slurm outlive this process: give a state.');
      if (signal.aborted) throw interrupted();
      const under = await withHandedTasks(state, () =>
        handed.handOver(jobs, { ...setting, state }, options),
      );
      if (!setting.follow) return;
      await handed.follow(under, setting, options);
      await withHandedTasks(state, () => clearAway(state));
    },
    async cancel({ state }) {
      if (state === undefined || (await handedTasks(state)).length === 0) return 0;
      return withHandedTasks(state, () => handed.cancel(state));
    },
    async underWay({ state }) {
      const tasks = state === undefined ? [] : await handedTasks(state);
      const byName = new Map(tasks.map((task) => [`${task.array.name}-${task.index}`, task.job]));
      const queued = (await unlessNoSlurm(queuedOf(tasks, queue))) ?? [];
      return queued.flatMap(({ name, index, state: at }) => {
        const job = byName.get(`${name}-${index}`);
        return job ? [{ folder: job.folder, until: job.until, state: at }] : [];
      });
    },
    async settle({ state }, onEnd) {
      if (state === undefined || (await handedTasks(state)).length === 0) return;
      await unlessNoSlurm(withHandedTasks(state, () => handed.settle(state, onEnd)));
    },
    script: submissionText,
  });
}

export const slurm = slurmExecutor();
