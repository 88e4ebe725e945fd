import { fittingRuns } from '../results/fitting-runs.ts';
import { gatherRuns } from '../results/gather-runs.ts';
import { COPY, besideFinished, leftOut } from '../results/left-out.ts';
import { meansTable } from './means-table.ts';
import { ofMethods, testMethods } from './method-tests.ts';
import type { ResultsTable } from './results-table.ts';
import { FIGURES, type Figure } from './run-figures.ts';
import { type RunFilter, assertKnown } from './run-filter.ts';
import { type RunGroup, groupRuns, inOrderOf, isOfGroups, repeatsSeed } from './run-groups.ts';
import { columnsOf } from './run-settings.ts';
import { runsTable } from './runs-table.ts';
import { testsTable } from './tests-table.ts';
import { type TidyRun, tidyRun, withoutCopies } from './tidy-runs.ts';
import { varyingSettings } from './varying-settings.ts';

export interface ResultsRequest {
  readonly where: readonly RunFilter[];
  /** By their names; see `FIGURES`. */
  readonly figures: readonly string[] | 'all';
  /** A row a run, a row a group of runs, or a row a test between two methods. */
  readonly rows: 'runs' | 'means' | { readonly testOf: readonly [string, string] };
  /** What the runs of a group are alike in; when left out, all in which runs differ but the seed. */
  readonly groupBy?: readonly string[] | undefined;
}

export interface Results extends ResultsTable {
  /** What is left out, and what the runs of a row differ in. */
  readonly notes: readonly string[];
}

function mixture(groups: readonly RunGroup[], varying: readonly string[]): string[] {
  const mixed = varying.filter((name) => name !== 'seed' && !isOfGroups(groups, name));
  return [
    ...(mixed.length > 0 ? [`Runs of one row differ in ${mixed.join(', ')}.`] : []),
    ...(groups.some(repeatsSeed) ? ['Some rows have several runs of one seed.'] : []),
  ];
}

const settingsOf = (runs: readonly TidyRun[]) => runs.map(({ settings }) => settings);

/** Throws NO_RUNS, UNKNOWN_NAME. */
function rowsOf(
  runs: readonly TidyRun[],
  { rows, groupBy }: ResultsRequest,
  figures: readonly Figure[],
): Results {
  const columns = columnsOf(settingsOf(runs));
  assertKnown(groupBy ?? [], columns, 'setting');
  const varying = varyingSettings(settingsOf(runs));
  // Of a single run there is something to say, too.
  const telling = varying.length > 0 ? varying : ['method'];
  if (rows === 'runs') {
    const table = runsTable(inOrderOf(runs, telling), columns, telling, figures);
    return { ...table, notes: [] };
  }
  const by = groupBy ?? varying.filter((name) => name !== 'seed');
  if (rows === 'means') {
    const groups = groupRuns(runs, by);
    const told = columns.filter((name) => isOfGroups(groups, name));
    const table = meansTable(groups, told, by.length > 0 ? by : ['method'], figures);
    return { ...table, notes: mixture(groups, varying) };
  }
  const names = figures.map(({ name }) => name);
  const { tests, groups } = testMethods(runs, rows.testOf, by, names);
  return { ...testsTable(tests, rows.testOf, by), notes: mixture(groups, varying) };
}

/**
 * Finished runs at or below folders as a table. Throws FILE_NOT_READABLE, BAD_RUN, NO_RUNS where none is finished or fits, and
 * UNKNOWN_NAME of a setting, a figure or a method.
 */
export async function gatherResults(
  folders: readonly string[],
  request: ResultsRequest,
): Promise<Results> {
  const { where, rows } = request;
  const known = FIGURES.map(({ name }) => name);
  const names = request.figures === 'all' ? known : request.figures;
  assertKnown(names, known, 'figure');
  const figures = names.map((name) => FIGURES[known.indexOf(name)]!);
  const gathered = await fittingRuns(await gatherRuns(folders), where);
  const { runs: fitting, copies } = withoutCopies(gathered.finished.map(tidyRun));
  // What only other methods' runs differ in parts no row of the test.
  const runs = typeof rows === 'object' ? ofMethods(fitting, rows.testOf) : fitting;
  const results = rowsOf(runs, request, figures);
  const left = [...besideFinished(gathered), ...leftOut(copies, COPY)];
  return { ...results, notes: [...left, ...results.notes] };
}
