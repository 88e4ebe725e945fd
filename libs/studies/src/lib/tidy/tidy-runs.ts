import { canonicalJson, runIdentity } from '@winnow/experiments';
import type { FinishedRun } from '../results/gather-runs.ts';
import { runFigures } from './run-figures.ts';
import { type Settings, runSettings } from './run-settings.ts';

/** A finished run as one row. */
export interface TidyRun {
  readonly folder: string;
  /** Runs of the same one are copies: a hash of what decides their numbers, and by what they were computed. */
  readonly identity: string;
  readonly settings: Settings;
  /** By name; see `FIGURES`. */
  readonly figures: ReadonlyMap<string, number>;
}

export function tidyRun({ folder, config, result }: FinishedRun): TidyRun {
  const { environments } = result;
  return {
    folder: folder.path,
    identity: [runIdentity(config), canonicalJson(environments ?? [config.versions])].join(),
    settings: runSettings({ config, environments }),
    figures: runFigures(result),
  };
}

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
