import type { FinishedRun } from '../results/gather-runs.ts';
import { runFigures } from './run-figures.ts';
import { type Settings, runSettings, valuesOf } from './run-settings.ts';

/** A finished run as one row. */
export interface TidyRun {
  readonly folder: string;
  readonly settings: Settings;
  /** By name; see `FIGURES`. */
  readonly figures: ReadonlyMap<string, number>;
}

export function tidyRun({ folder, config, result }: FinishedRun): TidyRun {
  const { environments } = result;
  const settings = runSettings({ config, environments });
  return { folder: folder.path, settings, figures: runFigures(result) };
}

/** The first of runs that are alike in all settings, seed included: a copy is no second sample. */
export function withoutCopies(runs: readonly TidyRun[]): {
  readonly runs: readonly TidyRun[];
  /** Folders of the others. */
  readonly copies: readonly string[];
} {
  const once = new Map<string, TidyRun>();
  const copies: string[] = [];
  for (const run of runs) {
    const columns = [...run.settings.keys()].sort();
    const key = [...columns, valuesOf(run.settings, columns)].join('\n');
    if (once.has(key)) copies.push(run.folder);
    else once.set(key, run);
  }
  return { runs: [...once.values()], copies };
}
