import { WinnowError } from '@winnow/plugin-api';
import type { RunResult } from '@winnow/experiments';
import { someAtATime } from '../execute/some-at-a-time.ts';
import { type FoundRun, findRuns } from './find-runs.ts';

export interface FinishedRun extends FoundRun {
  readonly result: RunResult;
}

export interface GatheredRuns {
  readonly finished: readonly FinishedRun[];
  /** Folders of runs that have no result yet. */
  readonly unfinished: readonly string[];
  /** Folders below the given ones that cannot be read, or whose `config.json` is no run's. */
  readonly foreign: readonly string[];
}

/** The runs at or below the given folders. Throws FILE_NOT_READABLE, BAD_RUN, and NO_RUNS where none is finished. */
export async function gatherRuns(paths: readonly string[]): Promise<GatheredRuns> {
  const found = await findRuns(paths);
  const results = await someAtATime(found.runs, ({ folder }) => folder.readResult());
  const foreign = found.foreign.map(({ path }) => path);
  const finished = found.runs.flatMap((run, i) =>
    results[i] ? { ...run, result: results[i] } : [],
  );
  if (finished.length === 0) {
    const unread = foreign.length > 0 ? `; not readable as a run: ${foreign.join(', ')}` : '';
    throw new WinnowError('NO_RUNS', `There is no finished run in ${paths.join(', ')}${unread}.`, {
      hint: 'Start one with `winnow run`; `winnow resume` goes on with an unfinished one.',
    });
  }
  const unfinished = found.runs.filter((_, i) => !results[i]).map(({ folder }) => folder.path);
  return { finished, unfinished, foreign };
}
