import { setImmediate } from 'node:timers/promises';

/** Lets signals and timers through between steps, which keep the thread to themselves. */
export async function nextTurn(): Promise<void> {
  await setImmediate();
}
