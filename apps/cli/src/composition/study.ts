import type { Execute, ManyRuns } from '@winnow/studies';
import type { Interruption } from '../terminal/interruption.ts';
import type { ManyRunsBar } from '../terminal/many-runs-bar.ts';
import { PROGRAM } from './program.ts';
import { versions } from './version.ts';

/**
 * Does work on many runs, which a signal can stop, with a line of progress unless it is to be quiet; `notice` says what
 * stopping does.
 */
export type Study = <T>(
  quiet: boolean | undefined,
  work: (many: Omit<ManyRuns, 'plugins' | 'executorOptions'>) => Promise<T>,
  notice?: string,
) => Promise<T>;

export function makeStudy(
  interruption: Interruption,
  execute: Execute,
  bar: ManyRunsBar | undefined,
): Study {
  return (quiet, work, notice) =>
    interruption(async (signal) => {
      try {
        const onEvent = quiet || !bar ? () => {} : bar.on.bind(bar);
        return await work({ signal, execute, program: PROGRAM, versions: versions(), onEvent });
      } finally {
        bar?.stop();
      }
    }, notice);
}
