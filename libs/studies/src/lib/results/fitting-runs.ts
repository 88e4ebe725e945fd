import { isWinnowError } from '@winnow/plugin-api';
import { someAtATime } from '../execute/some-at-a-time.ts';
import { noRunFits } from '../tidy/no-run-fits.ts';
import { type RunFilter, filterRuns } from '../tidy/run-filter.ts';
import { runSettings } from '../tidy/run-settings.ts';
import { tidyRun } from '../tidy/tidy-runs.ts';
import type { FoundRun } from './find-runs.ts';
import type { GatheredRuns } from './gather-runs.ts';

async function unfinishedSettings(run: FoundRun) {
  const environments = await run.folder.readEnvironments().catch((error: unknown) => {
    // That it cannot be read is told where its state is.
    if (!isWinnowError(error)) throw error;
    return [];
  });
  return { folder: run.folder.path, settings: runSettings({ config: run.config, environments }) };
}

/**
 * Those of gathered runs, finished or not, that fit all filters. Throws UNKNOWN_NAME of a setting that none has, and NO_RUNS where
 * no finished one fits.
 */
export async function fittingRuns(
  gathered: GatheredRuns,
  where: readonly RunFilter[],
): Promise<GatheredRuns> {
  if (where.length === 0) return gathered;
  const { finished, unfinished } = gathered;
  const done = finished.map(tidyRun);
  const all = [...done, ...(await someAtATime(unfinished, unfinishedSettings))];
  const fitting = new Set(filterRuns(all, where).map(({ folder }) => folder));
  const fits = ({ folder }: FoundRun) => fitting.has(folder.path);
  if (!finished.some(fits)) throw noRunFits(done, where);
  return { ...gathered, finished: finished.filter(fits), unfinished: unfinished.filter(fits) };
}
