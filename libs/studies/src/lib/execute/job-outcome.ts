import type { JobEnd } from '@winnow/plugin-api';

/** What a process ends with that was stopped with its state saved. */
export const INTERRUPTED_STATUS = 130;

/** Lines of the log that a failure keeps. */
const TAIL = 20;

/** The end of what a job wrote, as its failure keeps it. */
export const logTail = (text: string) => text.trim().split('\n').filter(Boolean).slice(-TAIL);

/** A job that has failed, for a reason without its full stop. */
export const failedJob = (reason: string, log: readonly string[]) =>
  ({ state: 'failed', reason: reason.endsWith('.') ? reason : `${reason}.`, log }) as const;

/** What ended a process, for people. */
function ofSignal(signal: string, log: readonly string[]): string {
  if (log.some((line) => line.includes('heap out of memory')))
    return `it was ended by ${signal}, as JavaScript ran out of memory`;
  return signal === 'SIGKILL'
    ? 'it was ended by SIGKILL, as the system does where memory runs out'
    : `it was ended by ${signal}`;
}

/** What has come of a job, by how its process ended, and the last lines that it wrote. */
export function jobOutcome(
  status: number | null,
  signal: string | null,
  log: readonly string[],
): JobEnd {
  if (status === 0) return { state: 'done' };
  if (status === INTERRUPTED_STATUS || signal === 'SIGINT' || signal === 'SIGTERM')
    return { state: 'stopped' };
  if (signal !== null) return { ...failedJob(ofSignal(signal, log), log), signal };
  const told = log.findLast((line) => line.startsWith('error '));
  const [, code, message] = /^error \[(\w+)\]: (.*)$/.exec(told ?? '') ?? [];
  const reason = message ?? told ?? log.at(-1) ?? `it ended with status ${status}`;
  return { ...failedJob(reason, log), ...(code !== undefined && { code }) };
}
