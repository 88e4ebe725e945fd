import { requireRun } from '@winnow/experiments';
import { INTERRUPTED, type JobPoint, interrupted, isWinnowError } from '@winnow/plugin-api';
import type { Execute } from '@winnow/studies';
import { handler } from './handler.ts';
import { Invocation } from './invocation.ts';
import type { Runner } from './runner.ts';
import type { Services } from './services.ts';
import { RUNNER } from './tokens.ts';

const carriesOut = handler([RUNNER], (runner) => runner);

const ERRAND = { start: 'start', ticket: 'search', end: 'run' } as const satisfies Record<
  JobPoint,
  keyof Runner
>;

/** The plugins that the words of a job name. */
function sourcesIn(words: readonly string[]) {
  if (words.includes('--no-plugins')) return 'none';
  const from = process.cwd();
  const named = words.filter((_, i) => words[i - 1] === '--plugin');
  return named.map((specifier) => ({ specifier, from }));
}

/** Many runs in this process, one after another: for tests, and for who embeds Winnow and wants no process beside its own. */
export function executeHere(services: Partial<Omit<Services, 'watchers'>> = {}): Execute {
  return async (jobs, { words, standing, signal, onEvent, onEnd }) => {
    for (const job of jobs) {
      if (signal.aborted) throw interrupted();
      const found = await standing(job);
      if (found === 'done') await onEnd(job, { state: 'done' });
      if (found !== 'open') continue;
      const watcher = () => ({ on: (event: Parameters<typeof onEvent>[1]) => onEvent(job, event) });
      try {
        const run = await requireRun(job.folder);
        const invocation = new Invocation(services, sourcesIn(words(job)));
        const runner = await invocation.compose(carriesOut, [run]);
        const ready = await runner.reopen(run);
        await runner[ERRAND[job.until]](ready, { signal, watcher });
      } catch (error) {
        if (isWinnowError(error) && error.code === INTERRUPTED) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        const code = isWinnowError(error) ? { code: error.code } : {};
        await onEnd(job, { state: 'failed', reason, ...code, log: [] });
        continue;
      }
      await onEnd(job, { state: 'done' });
    }
  };
}
