import { INTERRUPTED, interrupted, isWinnowError } from '@winnow/plugin-api';
import { type Executor, jobFailed } from '@winnow/studies';
import { handler } from './handler.ts';
import { Invocation } from './invocation.ts';
import type { Services } from './services.ts';
import { RUNNER } from './tokens.ts';

const carriesOut = handler([RUNNER], (runner) => runner);

/** Many runs in this process, one after another: for tests, and for who embeds Winnow and wants no process beside its own. */
export function executeHere(services: Partial<Omit<Services, 'watchers'>> = {}): Executor {
  return async (runs, { until, plugins, signal, onEvent, onDone }) => {
    const from = process.cwd();
    const sources =
      plugins === 'none' ? plugins : plugins.map((specifier) => ({ specifier, from }));
    const invocation = new Invocation(services, sources);
    for (const run of runs) {
      if (signal.aborted) throw interrupted();
      const watcher = () => ({ on: (event: Parameters<typeof onEvent>[1]) => onEvent(run, event) });
      try {
        const runner = await invocation.compose(carriesOut, [run]);
        const ready = await runner.reopen(run);
        await runner[until === 'ticket' ? 'search' : 'run'](ready, { signal, watcher });
      } catch (error) {
        if (isWinnowError(error) && error.code === INTERRUPTED) throw error;
        const message = error instanceof Error ? error.message : String(error);
        const code = isWinnowError(error) ? `error [${error.code}]: ` : '';
        throw jobFailed(run, code + message, error);
      }
      onDone(run);
    }
  };
}
