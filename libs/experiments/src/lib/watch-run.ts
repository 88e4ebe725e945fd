import type { ObservedRun, RunObserver } from '@winnow/plugin-api';
import { observeAll } from './observe-all.ts';

/** Begins to watch a run. */
export type Watcher = (run: ObservedRun) => RunObserver | Promise<RunObserver>;

/** Lets all of these watch, at no cost to the run: of one that cannot begin, or that throws, `onFailure` is told once. */
export async function watchRun(
  run: ObservedRun,
  watchers: readonly Watcher[],
  onFailure: (error: unknown) => void,
): Promise<RunObserver> {
  const observers: RunObserver[] = [];
  for (const watch of watchers) {
    try {
      observers.push(await watch(run));
    } catch (error) {
      onFailure(error);
    }
  }
  return observeAll(observers, onFailure);
}
