import { type Executor, withFields } from '@winnow/plugin-api';
import { attempt, attemptAsync } from './attempt.ts';

/** What it throws is named, but for what it was told to throw. */
export function guardExecutor(executor: Executor, title: string, plugin: string): Executor {
  return withFields<Executor>(executor, {
    plugin,
    execute: (jobs, setting, options) =>
      attemptAsync(title, async () => executor.execute(jobs, setting, options)),
    cancel: (setting, options) =>
      attemptAsync(title, async () => executor.cancel(setting, options)),
    ...(executor.underWay && {
      underWay: (setting, options) =>
        attemptAsync(title, async () => executor.underWay!(setting, options)),
    }),
    ...(executor.settle && {
      settle: (setting, onEnd, options) =>
        attemptAsync(title, async () => executor.settle!(setting, onEnd, options)),
    }),
    ...(executor.script && {
      script: (jobs, setting, options) =>
        attempt(title, () => executor.script!(jobs, setting, options)),
    }),
  });
}
