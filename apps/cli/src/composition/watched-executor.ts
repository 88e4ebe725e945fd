import { type Watcher, watchRun } from '@winnow/experiments';
import type { RunEnding, RunObserver } from '@winnow/plugin-api';
import type { Executor, NamedRun } from '@winnow/studies';
import { type Console, note } from '../terminal/console.ts';

/** An executor whose runs are watched, each from its first event to its end. */
export function watched(
  execute: Executor,
  watchers: readonly Watcher[],
  console: Console,
): Executor {
  if (watchers.length === 0) return execute;
  return async (runs, errand) => {
    const observers = new Map<NamedRun, Promise<RunObserver>>();
    const observerOf = (run: NamedRun) => {
      const { folder, config } = run;
      const known =
        observers.get(run) ??
        watchRun({ place: folder.path, config: { ...config } }, watchers, (error) =>
          note(console, error),
        );
      observers.set(run, known);
      return known;
    };
    const close = async (run: NamedRun, ending?: RunEnding) => {
      const observer = await observers.get(run);
      observers.delete(run);
      await observer?.close?.(ending);
    };
    const closing: Promise<void>[] = [];
    try {
      await execute(runs, {
        ...errand,
        onEvent(run, event) {
          // Told in order: promises that one waits for together go on in the order of waiting.
          void observerOf(run).then((observer) => observer.on(event));
          errand.onEvent(run, event);
        },
        onDone(run) {
          closing.push(close(run, 'finished'));
          errand.onDone(run);
        },
      });
    } finally {
      await Promise.all([...closing, ...[...observers.keys()].map((run) => close(run))]);
    }
  };
}
