import { setTimeout as sleep } from 'node:timers/promises';
import { requireRun } from '@winnow/experiments';
import {
  INTERRUPTED,
  type JobPoint,
  type RunEvent,
  interrupted,
  isWinnowError,
} from '@winnow/plugin-api';
import { type Execute, HELD_MS } from '@winnow/studies';
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

const namedBy = (words: readonly string[], flag: string) =>
  words.filter((_, i) => words[i - 1] === flag);

/** The plugins that the words of a job name. */
function sourcesIn(words: readonly string[]) {
  if (words.includes('--no-plugins')) return 'none';
  const from = process.cwd();
  return namedBy(words, '--plugin').map((specifier) => ({ specifier, from }));
}

/** Many runs in this process, one after another: for tests, and for who embeds Winnow and wants no process beside its own. */
export function executeHere(services: Partial<Omit<Services, 'watchers'>> = {}): Execute {
  return async (jobs, { words, standing, signal, onEvent, onEnd }) => {
    const left = [...jobs];
    for (let job = left.shift(); job; job = left.shift()) {
      if (signal.aborted) throw interrupted();
      const found = await standing(job);
      if (found === 'held') {
        left.push(job);
        await sleep(HELD_MS);
      }
      if (found === 'done') await onEnd(job, { state: 'done' });
      if (found !== 'open') continue;
      const own = job;
      const watcher = () => ({ on: (event: RunEvent) => onEvent(own, event) });
      try {
        const run = await requireRun(job.folder);
        const invocation = new Invocation(services, sourcesIn(words(job)));
        const runner = await invocation.compose(carriesOut, [run]);
        const ready = await runner.reopen(run);
        const observe = namedBy(words(job), '--observe');
        await runner[ERRAND[job.until]](ready, { signal, watcher, observe });
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
