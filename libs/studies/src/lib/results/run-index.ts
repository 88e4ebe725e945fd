import { isWinnowError } from '@winnow/plugin-api';
import { type RunFilter, filterRuns } from '../tidy/run-filter.ts';
import { type Settings, runSettings } from '../tidy/run-settings.ts';
import { bounded } from './bounded.ts';
import { type FoundRun, findRuns } from './find-runs.ts';

/**
 * `running`: a process works there. `failed`: the last one has left the reason. `interrupted`: begun and without a result;
 * a run that was to stop at its ticket, too. `unreadable`: a file of it is damaged, or is no run's.
 */
export type RunState =
  'finished' | 'running' | 'failed' | 'interrupted' | 'not started' | 'unreadable';

export interface IndexedRun {
  readonly folder: string;
  readonly state: RunState;
  /** None of a run whose `config.json` cannot be read. */
  readonly settings: Settings;
  readonly testAccuracy?: number;
  /** Why it failed or cannot be read. */
  readonly reason?: string;
}

/** What `failure.json` says of why a run failed. */
async function failureOf({ store }: FoundRun['folder']): Promise<string | undefined> {
  const bytes = await store.read('failure.json');
  if (!bytes) return undefined;
  try {
    const { reason } = JSON.parse(new TextDecoder().decode(bytes)) as { reason?: unknown };
    return typeof reason === 'string' ? reason : 'not told';
  } catch {
    return 'not told';
  }
}

async function stateOf({ folder, config }: FoundRun): Promise<IndexedRun> {
  const result = await folder.readResult();
  const environments = result ? result.environments : await folder.readEnvironments();
  const settings = runSettings({ config, environments });
  const of = { folder: folder.path, settings };
  if (result) return { ...of, state: 'finished', testAccuracy: result.testAccuracy };
  if (await folder.store.worker()) return { ...of, state: 'running' };
  const reason = await failureOf(folder);
  if (reason !== undefined) return { ...of, state: 'failed', reason };
  const isBegun = (await folder.store.list('')).some((name) => name !== 'config.json');
  return { ...of, state: isBegun ? 'interrupted' : 'not started' };
}

const unreadable = (folder: string, { sentence }: { readonly sentence: string }): IndexedRun => ({
  folder,
  state: 'unreadable',
  settings: new Map(),
  reason: sentence,
});

/**
 * The runs at or below folders that fit all filters, of which `state` is a setting too, in the order of their names. Throws
 * FILE_NOT_READABLE, what `readConfig` does of what is given itself, and UNKNOWN_NAME of a setting.
 */
export async function indexRuns(
  folders: readonly string[],
  where: readonly RunFilter[] = [],
): Promise<IndexedRun[]> {
  const { runs, foreign } = await findRuns(folders);
  const known = await bounded(runs, async (run) => {
    try {
      return await stateOf(run);
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
