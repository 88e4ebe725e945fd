import { type RunEvent, WinnowError } from '@winnow/plugin-api';
import type { NamedRun } from './named-run.ts';

/** What is to be done with runs whose folders are theirs already. */
export interface ManyRunsErrand {
  /** How far: to a ticket, or to the result. */
  readonly until: 'ticket' | 'end';
  /** Runs at a time. */
  readonly parallel: number;
  /** Files of plugins that take the place of those that the runs recorded; with `none`, those are not loaded either. */
  readonly plugins: readonly string[] | 'none';
  readonly signal: AbortSignal;
  readonly onEvent: (run: NamedRun, event: RunEvent) => void;
  readonly onDone: (run: NamedRun) => void;
}

/**
 * Carries runs out, in this order, each from what its folder holds. The first failure stops the others, which save their
 * state. Throws JOB_FAILED with the run's own error, or INTERRUPTED once all have saved their state.
 */
export type Executor = (runs: readonly NamedRun[], errand: ManyRunsErrand) => Promise<void>;

/** What an executor throws of a run that failed. */
export function jobFailed({ name }: NamedRun, reason: string, cause?: unknown): WinnowError {
  return new WinnowError('JOB_FAILED', `Run "${name}" failed: ${reason}`, { cause });
}
