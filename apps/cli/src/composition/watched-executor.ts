import { RunFolder, type Watcher, watchRun } from '@winnow/experiments';
import type { JobEnd, RunEnding, RunJob, RunObserver } from '@winnow/plugin-api';
import type { Execute } from '@winnow/studies';
import { type Console, note } from '../terminal/console.ts';

const ENDINGS = {
  done: 'finished',
  stopped: 'interrupted',
  failed: 'failed',
} as const satisfies Record<JobEnd['state'], RunEnding>;

/** An executor whose runs are watched, each job from its first event to its end. */
export function watched(execute: Execute, watchers: readonly Watcher[], console: Console): Execute {
  if (watchers.length === 0) return execute;
  const watch = async ({ folder }: RunJob): Promise<RunObserver> => {
    const config = { ...(await new RunFolder(folder).readConfig()) };
    return watchRun({ place: folder, config }, watchers, (error) => note(console, error));
  };
  return async (jobs, setting, options) => {
    const observers = new Map<RunJob, Promise<RunObserver>>();
    const observerOf = (job: RunJob) => {
      const known = observers.get(job) ?? watch(job);
      observers.set(job, known);
      return known;
    };
    const close = async (job: RunJob, ending?: RunEnding) => {
      const observer = await observers.get(job);
      observers.delete(job);
      await observer?.close?.(ending);
    };
    const closing: Promise<void>[] = [];
    const told = {
      ...setting,
      onEvent(job: RunJob, event: Parameters<typeof setting.onEvent>[1]) {
        // Told in order: promises that one waits for together go on in the order of waiting.
        // One that cannot be made is told of at its close.
        observerOf(job).then(
          (observer) => observer.on(event),
          () => {},
        );
        setting.onEvent(job, event);
      },
      onEnd(job: RunJob, end: Parameters<typeof setting.onEnd>[1]) {
        closing.push(close(job, ENDINGS[end.state]));
        return setting.onEnd(job, end);
      },
    };
    try {
      await execute(jobs, told, options);
    } finally {
      await Promise.all([...closing, ...[...observers.keys()].map((job) => close(job))]);
    }
  };
}
