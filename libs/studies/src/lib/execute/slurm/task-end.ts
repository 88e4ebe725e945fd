import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import type { JobEnd } from '@winnow/plugin-api';
import { failedJob, jobOutcome, logTail } from '../job-outcome.ts';
import { type HandedTask, goneFor, isCancelled, readOfTask } from './handed-tasks.ts';
import type { SlurmQueue } from './slurm-queue.ts';

const SIGNALS = new Map(Object.entries(constants.signals).map(([name, value]) => [value, name]));

/** Bash's exit codes of what a signal ended begin above this one. */
const SIGNAL_STATUS = 128;

const TIME = 'its time limit ended it before it had saved its state';
const MEMORY = 'it took more memory than the job has';
const NODE = 'its node went down';

/** By how Slurm's accounts call it. */
const ACCOUNTS: Readonly<Record<string, string>> = {
  TIMEOUT: TIME,
  DEADLINE: TIME,
  OUT_OF_MEMORY: MEMORY,
  NODE_FAIL: NODE,
  BOOT_FAIL: NODE,
};

/** By what Slurm writes into the log of a job. */
const NOTES = [
  [/DUE TO TIME LIMIT/, TIME],
  [/oom.kill|out of memory/i, MEMORY],
  [/DUE TO NODE FAILURE/, NODE],
] as const;

/** As the task wrote it down. */
function toldEnd(text: string): JobEnd {
  const [first, ...lines] = text.split('\n');
  const status = Number(first);
  const log = logTail(lines.join('\n'));
  const signal = status === 130 ? undefined : SIGNALS.get(status - SIGNAL_STATUS);
  return jobOutcome(status, signal ?? null, log);
}

/**
 * What has come of a task that is not in the queue. Undefined while what it wrote may not be visible here yet, on a shared
 * file system for so many milliseconds.
 */
export async function taskEnd(
  task: HandedTask,
  queue: SlurmQueue,
  lagMs: number,
): Promise<JobEnd | undefined> {
  const told = await readOfTask(task, 'end');
  if (told) return toldEnd(told);
  // It was never handed over, was taken back, or somebody else was told.
  const { id } = task.array;
  if (id === undefined || isCancelled(task) || !existsSync(task.folder))
    return { state: 'stopped' };
  const account = await queue.accountOf(id, task.index);
  const log = logTail((await readOfTask(task, 'log')) ?? '');
  const reason = ACCOUNTS[account ?? ''];
  if (reason !== undefined) return failedJob(reason, log);
  if ((await goneFor(task)) < lagMs) return undefined;
  // It was removed before it began.
  if (account === 'CANCELLED' || (await readOfTask(task, 'log')) === undefined)
    return { state: 'stopped' };
  const last = log.findLast((line) => /CANCELLED AT|oom.kill|out of memory/i.test(line)) ?? '';
  const noted = NOTES.find(([note]) => note.test(last))?.[1];
  if (noted === undefined && last !== '') return { state: 'stopped' };
  return failedJob(noted ?? 'it left the queue without a result', log);
}
