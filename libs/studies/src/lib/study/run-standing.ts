import { type RunFolder, type RunWorker, isResultOfRun } from '@winnow/experiments';
import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import type { RunFailure } from '../execute/run-failure.ts';
import { someAtATime } from '../execute/some-at-a-time.ts';
import { type RunState, stateBeforeResult } from '../results/run-state.ts';
import { toldRuns, valuesIn } from '../results/told-run.ts';
import type { StudyRun } from './plan-study.ts';
import type { Allowed } from './study-file.ts';

/** How far a run of a study is, as its folder tells. */
export interface RunStanding {
  readonly run: StudyRun;
  /** `unreadable`: a file of it is damaged. */
  readonly state: RunState | 'unreadable';
  /** Why it failed, or cannot be read. */
  readonly failure?: RunFailure | Pick<RunFailure, 'reason' | 'code'>;
  readonly worker?: RunWorker;
  /** In what it was made, as far as it was, otherwise than it would be here: `version 0.1.0`, by what a study can allow. */
  readonly differs: Readonly<Partial<Record<Allowed, string>>>;
}

/** Whether a run is left at that until it is tried again, or mended. */
export const isLeftOut = ({ state }: RunStanding): boolean =>
  state === 'failed' || state === 'unreadable';

/** What may differ, by what a run's record calls it. */
const RECORDED = { version: 'winnow', commit: 'commit' } as const;

async function differences({
  folder,
  config,
  ofBackend,
}: StudyRun): Promise<RunStanding['differs']> {
  const recorded = await folder.readConfig();
  if (!recorded) return {};
  const [told] = await toldRuns([{ folder, config: recorded }]);
  const differs: Partial<Record<Allowed, string>> = {};
  if (!ofBackend && recorded.backend !== config.backend) differs.backend = recorded.backend;
  // Of a folder that is the run's and holds nothing yet, no version has made anything.
  if (told!.environments?.length === 0) return differs;
  for (const [what, name] of Object.entries(RECORDED) as ['version' | 'commit', string][]) {
    const here = config.versions[name];
    const other = valuesIn(told!, name).find((value) => value !== undefined && value !== here);
    if (here !== undefined && other !== undefined) differs[what] = other;
  }
  return differs;
}

async function stateOf(folder: RunFolder): Promise<Omit<RunStanding, 'run' | 'differs'>> {
  if (!(await folder.readConfig())) {
    // A run whose configuration is lost, which nothing can be put over.
    const stray = (await folder.store.list('')).find(isResultOfRun);
    if (stray === undefined) return { state: 'new' };
    throw new WinnowError('NOT_A_RUN', `${folder.path} holds ${stray}, and no configuration.`, {
      hint: 'Remove it.',
    });
  }
  return (await folder.readResult()) ? { state: 'done' } : stateBeforeResult(folder);
}

/** How far each run is. One that cannot be read leaves the others alone. */
export function standings(runs: readonly StudyRun[]): Promise<RunStanding[]> {
  return someAtATime(runs, async (run) => {
    try {
      const [state, differs] = await Promise.all([stateOf(run.folder), differences(run)]);
      return { run, ...state, differs };
    } catch (error) {
      if (!isWinnowError(error)) throw error;
      const failure = { reason: error.sentence, code: error.code };
      return { run, state: 'unreadable', failure, differs: {} };
    }
  });
}
