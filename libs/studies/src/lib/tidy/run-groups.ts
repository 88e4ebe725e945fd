import { groupBy } from '@winnow/report';
import { type SampleStatistics, sampleStatistics } from '../statistics/sample-statistics.ts';
import { type Settings, valuesOf } from './run-settings.ts';
import type { TidyRun } from './tidy-runs.ts';

/** Runs that are alike in what they are grouped by. */
export interface RunGroup {
  /** Of the first of them. */
  readonly settings: Settings;
  readonly runs: readonly TidyRun[];
}

/** Numbers by size before other values, densities as they fall; nothing last. */
function inOrder(setting: string, a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return setting === 'density' ? b - a : a - b;
  const rank = (value: unknown) => (typeof value === 'number' ? 0 : value === undefined ? 2 : 1);
  return rank(a) - rank(b) || (String(a) < String(b) ? -1 : Number(String(a) > String(b)));
}

/** In the order of their settings, the first of these before the others. */
export function inOrderOf<Has extends { readonly settings: Settings }>(
  all: readonly Has[],
  by: readonly string[],
): Has[] {
  return [...all].sort((a, b) =>
    by.reduce(
      (order, name) => order || inOrder(name, a.settings.get(name), b.settings.get(name)),
      0,
    ),
  );
}

export function groupRuns(runs: readonly TidyRun[], by: readonly string[]): RunGroup[] {
  const groups = groupBy(runs, ({ settings }) => valuesOf(settings, by));
  const told = [...groups.values()].map((runs) => ({ settings: runs[0]!.settings, runs }));
  return inOrderOf(told, by);
}

export const valuesAmong = (runs: readonly TidyRun[], figure: string) =>
  runs.flatMap(({ figures }) => figures.get(figure) ?? []);

/** Of the runs that have the figure; nothing where none has. */
export function figureOf(runs: readonly TidyRun[], figure: string): SampleStatistics | undefined {
  const values = valuesAmong(runs, figure);
  return values.length > 0 ? sampleStatistics(values) : undefined;
}

/** Whether the runs of each group are alike in a setting. */
export function isOfGroups(groups: readonly RunGroup[], setting: string): boolean {
  return groups.every(
    ({ runs }) => new Set(runs.map(({ settings }) => valuesOf(settings, [setting]))).size === 1,
  );
}

/** Whether a group has runs of one seed, which are no samples of their own. */
export function repeatsSeed({ runs }: RunGroup): boolean {
  return new Set(runs.map(({ settings }) => settings.get('seed'))).size < runs.length;
}
