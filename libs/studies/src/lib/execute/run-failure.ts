import { FAILURE, type RunFolder } from '@winnow/experiments';
import { type JobEnd, isWinnowError } from '@winnow/plugin-api';
import { unlessInUse } from './unless-in-use.ts';

/** Why a run of a study has no result: `FAILURE` in its folder. */
export interface RunFailure {
  /** One sentence. */
  readonly reason: string;
  /** Of the error that the run ended with. */
  readonly code?: string;
  /** That ended its process. */
  readonly signal?: string;
  /** The last lines that it wrote. */
  readonly log: readonly string[];
  /** ISO 8601. */
  readonly at: string;
}

/** Throws as `RunFolder.readResult` does. */
export async function readFailure(folder: RunFolder): Promise<RunFailure | undefined> {
  return (await folder.readBeside(FAILURE)) as RunFailure | undefined;
}

/** Whether a run has come to a result; a damaged one is none. */
async function hasResult(folder: RunFolder): Promise<boolean> {
  try {
    return (await folder.readResult()) !== undefined;
  } catch (error) {
    if (!isWinnowError(error)) throw error;
    return false;
  }
}

/** Unless another process works there, or the run came to its result after all. */
export async function writeFailure(folder: RunFolder, failure: RunFailure): Promise<void> {
  await folder.hold(async (held) => {
    if (!(await hasResult(held))) await held.writeBeside(FAILURE, failure);
  });
}

/** Has the run know why a job of it has failed, if it has. */
export async function keepFailure(folder: RunFolder, end: JobEnd): Promise<void> {
  if (end.state !== 'failed') return;
  const { state, ...failure } = end;
  await unlessInUse(writeFailure(folder, { ...failure, at: new Date().toISOString() }));
}

/** Lets the run be tried again. Throws RUN_IN_USE. */
export async function forgetFailure(folder: RunFolder): Promise<void> {
  if (await folder.store.has(FAILURE)) await folder.hold((held) => held.store.remove(FAILURE));
}
