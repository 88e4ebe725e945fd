import { type Clock, systemClock } from '@winnow/plugin-api';
import type { Console } from './console.ts';
import { SIGNALS } from './signals.ts';

/** Does work that a signal can stop; `notice` says what stopping does. */
export type Interruption = <T>(
  work: (signal: AbortSignal) => Promise<T>,
  notice?: string,
) => Promise<T>;

/** What sends a signal may send it to the process and to its group: within this time it is one. */
const REPEAT_MS = 1000;

/**
 * The process's own: while the work lasts, the signal fires at Ctrl-C, SIGTERM, SIGHUP (its terminal was closed), or when a
 * parent process that watches this one goes away. The first writes the notice; a second Ctrl-C ends at once.
 */
export function processInterruption(console: Console, clock: Clock = systemClock): Interruption {
  return async (work, notice = 'Saving the state after this step') => {
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
    const leave = () => controller.abort();
    for (const name of SIGNALS) process.on(name, stop);
    process.on('disconnect', leave);
    // It may have gone before this one could listen.
    if (process.connected === false) leave();
    try {
      return await work(controller.signal);
    } finally {
      for (const name of SIGNALS) process.off(name, stop);
      process.off('disconnect', leave);
    }
  };
}

/** Stopped by whoever has the controller. */
export function interruptionBy(controller: AbortController): Interruption {
  return (work) => work(controller.signal);
}
