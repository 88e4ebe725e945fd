import type { RunFolder, RunWorker } from '@winnow/experiments';
import { type RunFailure, readFailure } from '../execute/run-failure.ts';

/**
 * `done`: it has its result. `running`: a process works there. `failed`: the last one has left the reason. `begun`, and
 * without a result; a run that was to stop at its ticket, too. `new`: nothing is computed yet.
 */
export const RUN_STATES = ['done', 'running', 'failed', 'begun', 'new'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** How far a run without a result is. Throws what reading a run does. */
export async function stateBeforeResult(folder: RunFolder): Promise<{
  readonly state: RunState;
  readonly worker?: RunWorker;
  readonly failure?: RunFailure;
}> {
  const worker = await folder.store.worker();
  if (worker) return { state: 'running', worker };
  const failure = await readFailure(folder);
  if (failure) return { state: 'failed', failure };
  return { state: (await folder.readEnvironments()).length > 0 ? 'begun' : 'new' };
}
