import { setImmediate } from 'node:timers/promises';

/**
 * Lets signals and timers through between steps, which keep the thread to themselves: without it a `PrunerContext.signal` is
 * never seen to be aborted.
 */
export async function nextTurn(): Promise<void> {
  await setImmediate();
}
