import { type Clock, systemClock } from '@winnow/plugin-api';
import type { Console } from './console.ts';

/** Gives the signal that stops what is about to begin; `notice` says what stopping does. */
export type Interruption = (notice?: string) => AbortSignal;

/** What sends a signal may send it to the process and to its group: within this time it is one. */
const REPEAT_MS = 1000;

/**
 * The process's own: the signal fires at Ctrl-C, SIGTERM, SIGHUP (its terminal was closed), or when a parent process that watches this one goes away. The first
 * writes the notice; a second Ctrl-C ends at once.
 */
export function processInterruption(console: Console, clock: Clock = systemClock): Interruption {
  return (notice = 'Saving the state after this step') => {
    const controller = new AbortController();
    let stoppedAt = 0;
    const stop = () => {
      if (!controller.signal.aborted) {
        stoppedAt = clock();
        console.notes.write(`\n${notice}; Ctrl-C again stops at once.\n`);
        controller.abort();
      } else if (clock() - stoppedAt > REPEAT_MS) {
        process.exit(130);
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    process.once('disconnect', () => controller.abort());
    return controller.signal;
  };
}
