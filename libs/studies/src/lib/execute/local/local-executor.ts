import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  type LockOwner,
  lockHolder,
  makeFolder,
  takeFileLock,
  thisProcess,
} from '@winnow/files/disk';
import {
  type ExecutorSetting,
  type RunJob,
  WinnowError,
  defineExecutor,
  interrupted,
} from '@winnow/plugin-api';
import * as z from 'zod';
import { HELD_MS } from '../held-ms.ts';
import { JobQueue } from './job-queue.ts';
import { Worker } from './worker.ts';

const options = z.strictObject({
  parallel: z
    .int()
    .min(1)
    .optional()
    .describe("runs at a time, which share the cores (default: the processor's threads)"),
  hangMinutes: z
    .number()
    .min(0)
    .default(60)
    .describe(
      'minutes without a step after which a run has failed, and its process is ended; 0: none',
    ),
});

const LOCK = '.lock';

/** While work lasts, this process can be found by who wants it stopped. */
async function findable<T>(state: string | undefined, work: () => Promise<T>): Promise<T> {
  if (state === undefined) return work();
  await makeFolder(state);
  const taken = await takeFileLock(join(state, `${randomUUID()}${LOCK}`));
  try {
    return await work();
  } finally {
    if ('lock' in taken) await taken.lock.release();
  }
}

/** What came of telling a process to stop: it may have ended meanwhile, or be another user's. */
function interrupt({ pid }: LockOwner): 'told' | 'ended' | 'refused' {
  try {
    return process.kill(pid, 'SIGINT') ? 'told' : 'ended';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'refused' : 'ended';
  }
}

/** Of processes that go on: of another user here, or on other machines. */
function notAllTold(
  told: number,
  strangers: readonly LockOwner[],
  elsewhere: readonly LockOwner[],
): WinnowError {
  const who = elsewhere.map(({ pid, host, since }) => `process ${pid} on ${host} since ${since}`);
  const here = told > 0 ? ` Told here: ${told}.` : '';
  if (strangers.length > 0) {
    const theirs = strangers.map(({ pid, since }) => `process ${pid} since ${since}`);
    const further = who.length > 0 ? ` Elsewhere: ${who.join(', ')}.` : '';
    return new WinnowError(
      'PROCESS_OF_ANOTHER',
      `This study is worked on by what is another user's and may not be told to stop: ${theirs.join(', ')}.`,
      { hint: `Ask who started it, or try as that user.${here}${further}` },
    );
  }
  return new WinnowError(
    'PROCESS_ELSEWHERE',
    `On another machine, or in another container, this study is worked on by ${who.join(', ')}.`,
    {
      hint: `Run \`winnow study cancel\` there; who was killed there counts for five minutes.${here}`,
    },
  );
}

interface Limits {
  /** Cores that a worker takes. */
  readonly threads: number;
  readonly hangMinutes: number;
}

/** One worker after another, as each ends, and the jobs that it carries out. */
class Slot {
  #worker: Worker | undefined;
  readonly #setting: ExecutorSetting;
  readonly #limits: Limits;
  #stopped = false;

  constructor(setting: ExecutorSetting, limits: Limits) {
    this.#setting = setting;
    this.#limits = limits;
  }

  /** It begins no more, and what it is at saves its state. */
  stop(): void {
    this.#stopped = true;
    this.#worker?.interrupt();
  }

  async work(queue: JobQueue<RunJob>): Promise<void> {
    for (let job = await queue.next(); job; job = await queue.next()) {
      const isOver = await this.#carryOut(job);
      if (isOver) queue.end(job);
      else queue.putBack(job, HELD_MS);
    }
    this.#worker?.dismiss();
  }

  /** False where another process works in the folder. */
  async #carryOut(job: RunJob): Promise<boolean> {
    const { program, words, standing, onEvent, onEnd } = this.#setting;
    const found = await standing(job);
    if (found === 'held') return false;
    if (found === 'done') await onEnd(job, { state: 'done' });
    if (found !== 'open' || this.#stopped) return true;
    const known = this.#worker?.isOver === false ? this.#worker : undefined;
    this.#worker = known ?? new Worker(program, words(job), this.#limits);
    const end = await this.#worker.carryOut(job, onEvent, known && words(job));
    if (end.state === 'failed' && end.code === 'RUN_IN_USE') return false;
    await onEnd(job, end);
    return true;
  }
}

/** Processes on this machine, each of which carries out one job after another. */
export const local = defineExecutor({
  name: 'local',
  summary: 'processes on this machine, which share its cores',
  options,
  execute: (jobs, setting, { parallel = availableParallelism(), hangMinutes }) =>
    findable(setting.state, async () => {
      const { signal } = setting;
      const threads = Math.max(1, Math.floor(availableParallelism() / parallel));
      const queue = new JobQueue(jobs);
      const count = Math.min(parallel, jobs.length);
      const slots = Array.from(
        { length: count },
        () => new Slot(setting, { threads, hangMinutes }),
      );
      const stop = () => {
        queue.close();
        for (const slot of slots) slot.stop();
      };
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop);
      // What one cannot go on from stops the others, none of which is left behind.
      const works = slots.map((slot) =>
        slot.work(queue).catch((error: unknown) => {
          stop();
          throw error;
        }),
      );
      const ends = await Promise.allSettled(works);
      signal.removeEventListener('abort', stop);
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
      if (signal.aborted) throw interrupted();
    }),
  async cancel({ state }) {
    if (state === undefined) return 0;
    const names = await readdir(state).catch(() => []);
    const here = await thisProcess();
    const elsewhere: LockOwner[] = [];
    const strangers: LockOwner[] = [];
    let told = 0;
    for (const name of names.filter((one) => one.endsWith(LOCK))) {
      const owner = await lockHolder(join(state, name));
      if (!owner) continue;
      // Elsewhere, be it another container here, its number means another process.
      if (owner.machine !== here.machine) {
        elsewhere.push(owner);
        continue;
      }
      if (owner.pid === here.pid) continue;
      const outcome = interrupt(owner);
      if (outcome === 'told') told++;
      if (outcome === 'refused') strangers.push(owner);
    }
    if (strangers.length + elsewhere.length > 0) throw notAllTold(told, strangers, elsewhere);
    return told;
  },
});
