import type { ResultsTable } from './results-table.ts';
import type { Figure } from './run-figures.ts';
import { settingText } from './run-settings.ts';
import type { TidyRun } from './tidy-runs.ts';

/** A row a run. For people, without the folder, and with these settings alone. */
export function runsTable(
  runs: readonly TidyRun[],
  columns: readonly string[],
  telling: readonly string[],
  figures: readonly Figure[],
): ResultsTable {
  return {
    data: () => ({
      columns: ['folder', ...columns, ...figures.map(({ name }) => name)],
      rows: runs.map(({ folder, settings, figures: own }) => [
        folder,
        ...columns.map((name) => settings.get(name)),
        ...figures.map(({ name }) => own.get(name)),
      ]),
    }),
    shown: () => ({
      columns: [...telling, ...figures.map(({ heading }) => heading)],
      rows: runs.map(({ settings, figures: own }) => [
        ...telling.map((name) => settingText(settings.get(name))),
        ...figures.map(({ name, show }) => (own.has(name) ? show(own.get(name)!) : '')),
      ]),
    }),
  };
}
