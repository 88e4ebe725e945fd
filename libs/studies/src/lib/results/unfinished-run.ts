import type { RunFolder } from '@winnow/experiments';
import { isWinnowError } from '@winnow/plugin-api';
import { type RunState, stateBeforeResult } from './run-state.ts';

/** A run that has no result, and how far it is. */
export interface UnfinishedRun {
  readonly folder: string;
  readonly state: RunState | 'unreadable';
  /** Why it failed, or cannot be read. */
  readonly reason?: string;
}

export async function unfinishedRun({
  folder: run,
}: {
  readonly folder: RunFolder;
}): Promise<UnfinishedRun> {
  const folder = run.path;
  try {
    const { state, failure } = await stateBeforeResult(run);
    return { folder, state, ...(failure && { reason: failure.reason }) };
  } catch (error) {
    if (!isWinnowError(error)) throw error;
    return { folder, state: 'unreadable', reason: error.sentence };
  }
}
