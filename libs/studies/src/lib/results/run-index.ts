import { WinnowError, isWinnowError, suggestName } from '@winnow/plugin-api';
import { someAtATime } from '../execute/some-at-a-time.ts';
import { type RunFilter, filterRuns } from '../tidy/run-filter.ts';
import { type Settings, runSettings } from '../tidy/run-settings.ts';
import { type FoundRun, lookForRuns } from './find-runs.ts';
import { RUN_STATES, stateBeforeResult } from './run-state.ts';

/** `unreadable`: a file of it is damaged, or is no run's. */
const STATES = [...RUN_STATES, 'unreadable'] as const;

export interface IndexedRun {
  readonly folder: string;
  readonly state: (typeof STATES)[number];
  /** None of a run whose `config.json` cannot be read. */
  readonly settings: Settings;
  readonly testAccuracy?: number;
  /** Why it failed or cannot be read. */
  readonly reason?: string;
}

async function indexed({ folder, config }: FoundRun): Promise<IndexedRun> {
  const result = await folder.readResult();
  const environments = result ? result.environments : await folder.readEnvironments();
  const settings = runSettings({ config, environments });
  const of = { folder: folder.path, settings };
  if (result) return { ...of, state: 'done', testAccuracy: result.testAccuracy };
  const { state, failure } = await stateBeforeResult(folder);
  return { ...of, state, ...(failure && { reason: failure.reason }) };
}

const unreadable = (folder: string, { sentence }: { readonly sentence: string }): IndexedRun => ({
  folder,
  state: 'unreadable',
  settings: new Map(),
  reason: sentence,
});

function assertStates(where: readonly RunFilter[]): void {
  const named = where.flatMap(({ setting, values }) => (setting === 'state' ? values : []));
  const stray = named.find((name) => !STATES.some((state) => state === name));
  if (stray === undefined) return;
  throw new WinnowError('UNKNOWN_NAME', `No run can be in the state "${stray}".`, {
    hint: suggestName(stray, STATES),
  });
}

/**
 * The runs at or below folders that fit all filters, of which `state` is a setting too, in the order of their names. Throws
 * FILE_NOT_READABLE where a folder is not there, and UNKNOWN_NAME of a setting or a state.
 */
export async function indexRuns(
  folders: readonly string[],
  where: readonly RunFilter[] = [],
): Promise<IndexedRun[]> {
  assertStates(where);
  const { runs, foreign } = await lookForRuns(folders);
  const known = await someAtATime(runs, async (run) => {
    try {
      return await indexed(run);
    } catch (error) {
      if (!isWinnowError(error)) throw error;
      return unreadable(run.folder.path, error);
    }
  });
  const all = [...known, ...foreign.map(({ path, problem }) => unreadable(path, problem))];
  const withState = all.map((run) => ({
    run,
    settings: new Map<string, unknown>([['state', run.state], ...run.settings]),
  }));
  return filterRuns(withState, where).map(({ run }) => run);
}
