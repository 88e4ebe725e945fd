import { WinnowError } from '@winnow/plugin-api';

/** The right to write into a run, which one process has at a time. */
export interface RunLock {
  /** Throws RUN_IN_USE where another one has it by now. */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

/** Who works on a run. */
export interface RunWorker {
  readonly host: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly since: string;
}

/** `lock` is the file to remove where no such process is left. */
export function inUse(place: string, worker?: RunWorker, lock?: string): WinnowError {
  const who = worker
    ? `process ${worker.pid} on ${worker.host} has worked since ${worker.since}`
    : 'somebody works already';
  return new WinnowError('RUN_IN_USE', `In ${place} ${who}.`, {
    hint: `Wait until that is over, or stop it${lock === undefined ? '' : `; if there is no such process any more, remove ${lock}`}.`,
  });
}
