import type { Executor } from '@winnow/studies';
import { handler } from './handler.ts';
import { Invocation } from './invocation.ts';
import type { Services } from './services.ts';
import { RUNNER } from './tokens.ts';

const carriesOut = handler([RUNNER], (runner) => runner);

/** Many runs in this process, one after another: for tests, and for who embeds Winnow and wants no process beside its own. */
export function executeHere(services: Partial<Services>): Executor {
  return async (runs, { until, plugins, signal, onEvent, onDone }) => {
    const sources = plugins.map((specifier) => ({ specifier, from: process.cwd() }));
    const invocation = new Invocation({ observers: [], ...services }, sources);
    for (const run of runs) {
      const runner = await invocation.compose(carriesOut, [run]);
      const observer = { on: (event: Parameters<typeof onEvent>[1]) => onEvent(run, event) };
      const ready = await runner.reopen(run);
      await runner[until === 'ticket' ? 'search' : 'run'](ready, { signal, observer });
      onDone(run);
    }
  };
}
