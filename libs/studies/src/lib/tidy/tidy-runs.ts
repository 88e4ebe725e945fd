import { canonicalJson, runIdentity } from '@winnow/experiments';
import type { FoundRun } from '../results/find-runs.ts';
import type { FinishedRun } from '../results/gather-runs.ts';
import { type ToldRun, madeBy } from '../results/told-run.ts';
import { runFigures } from './run-figures.ts';
import { type Settings, runSettings } from './run-settings.ts';

/** A run as one row. */
export interface TidyRun {
  readonly folder: string;
  /** Runs of the same one are copies: a hash of what decides their numbers, and by what they were computed. */
  readonly identity: string;
  readonly settings: Settings;
  /** By name, as far as they are looked at; see `FIGURES`. */
  readonly figures: ReadonlyMap<string, number>;
}

/** Without figures, which a run has once it is finished. */
export const tidySettings = ({ folder, ...run }: FoundRun & ToldRun): TidyRun => ({
  folder: folder.path,
  identity: [runIdentity(run.config), canonicalJson(madeBy(run))].join(),
  settings: runSettings(run),
  figures: new Map(),
});

export const tidyRun = ({ folder, config, result }: FinishedRun): TidyRun => ({
  ...tidySettings({ folder, config, environments: result.environments }),
  figures: runFigures(result),
});

/** The first of runs of one identity: a copy is no second sample. */
export function withoutCopies(runs: readonly TidyRun[]): {
  readonly runs: readonly TidyRun[];
  /** Folders of the others. */
  readonly copies: readonly string[];
} {
  const once = new Map<string, TidyRun>();
  const copies: string[] = [];
  for (const run of runs) {
    if (once.has(run.identity)) copies.push(run.folder);
    else once.set(run.identity, run);
  }
  return { runs: [...once.values()], copies };
}
