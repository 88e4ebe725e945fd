import { resolve } from 'node:path';
import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import type { RunResult } from '@winnow/experiments';
import { someAtATime } from '../execute/some-at-a-time.ts';
import { type FoundRun, findRuns } from './find-runs.ts';
import { firstOf } from './first-of.ts';

export interface FinishedRun extends FoundRun {
  readonly result: RunResult;
}

export interface GatheredRuns {
  readonly finished: readonly FinishedRun[];
  /** Without a result yet. */
  readonly unfinished: readonly FoundRun[];
  /** Folders below the given ones that cannot be read, or whose `config.json` or `result.json` is no run's. */
  readonly foreign: readonly string[];
}

/** The runs at or below the given folders. Throws FILE_NOT_READABLE, BAD_RUN, and NO_RUNS where none is finished. */
export async function gatherRuns(paths: readonly string[]): Promise<GatheredRuns> {
  const found = await findRuns(paths);
  const damaged: string[] = [];
  const given = new Set(paths.map((path) => resolve(path)));
  const results = await someAtATime(found.runs, async ({ folder }) => {
    try {
      return await folder.readResult();
    } catch (error) {
      if (!isWinnowError(error) || given.has(resolve(folder.path))) throw error;
      damaged.push(folder.path);
      return undefined;
    }
  });
  const foreign = [...found.foreign.map(({ path }) => path), ...damaged.sort()];
  const finished = found.runs.flatMap((run, i) =>
    results[i] ? { ...run, result: results[i] } : [],
  );
  if (finished.length === 0) {
    const unread = foreign.length > 0 ? `; not readable as a run: ${firstOf(foreign)}` : '';
    throw new WinnowError('NO_RUNS', `There is no finished run in ${firstOf(paths)}${unread}.`, {
      hint: 'Start one with `winnow run`; `winnow resume` goes on with an unfinished one, and `winnow study run` with those of a study.',
    });
  }
  const unfinished = found.runs.filter(
    ({ folder }, i) => !results[i] && !damaged.includes(folder.path),
  );
  return { finished, unfinished, foreign };
}
