import { type ReportText, groupBy } from '@winnow/report';
import { someAtATime } from '../execute/some-at-a-time.ts';
import type { DataTable } from '../tidy/results-table.ts';
import type { RunFilter } from '../tidy/run-filter.ts';
import { FIGURES, roundFigures } from '../tidy/run-figures.ts';
import { columnsOf } from '../tidy/run-settings.ts';
import { runsTable } from '../tidy/runs-table.ts';
import { type TidyRun, tidyRun } from '../tidy/tidy-runs.ts';
import { fittingRuns } from './fitting-runs.ts';
import { type FinishedRun, gatherRuns } from './gather-runs.ts';
import { REPEATED, UNREADABLE, besideFinished, leftOut } from './left-out.ts';
import type { AccuracyKind, ResultRow } from './result-rows.ts';
import { type UnfinishedRun, unfinishedRun } from './unfinished-run.ts';
import { type WorldResults, worldOf, worldResults } from './world-results.ts';

export interface ResultsReport {
  readonly kind: AccuracyKind;
  /** One for each network and data set, in the order of their first run. */
  readonly worlds: readonly WorldResults[];
  /** Of all of them; where they are several, each row says of which it is. */
  readonly rows: readonly (ResultRow & { readonly world?: string })[];
  /** The same with all that is known of each. */
  readonly runs: DataTable;
  readonly unfinished: readonly UnfinishedRun[];
  /** What else has no row, and why. */
  readonly leftOut: readonly { readonly folder: string; readonly why: string }[];
  readonly text: ReportText;
}

/** What a terminal shows of one network and data set. */
const worldText = ({ title, subtitle, accuracy, minutes, tests, notes }: WorldResults) => [
  `${title}, ${subtitle}`,
  accuracy,
  ...tests,
  'Minutes a run, on average',
  minutes,
  ...notes,
];

/**
 * Finished runs side by side, those that fit all filters, and of each network and data set by themselves. With `validation`,
 * each round of a method that trains in rounds is a point of its own. Throws FILE_NOT_READABLE, BAD_RUN, NO_RUNS, UNKNOWN_NAME of
 * a setting.
 */
export async function resultsReport(
  folders: readonly string[],
  kind: AccuracyKind,
  where: readonly RunFilter[] = [],
): Promise<ResultsReport> {
  const gathered = await fittingRuns(await gatherRuns(folders), where);
  const { finished } = gathered;
  const worlds: WorldResults[] = [];
  for (const own of groupBy(finished, worldOf).values()) worlds.push(await worldResults(own, kind));
  const rows = worlds.flatMap(({ title, rows }) =>
    worlds.length > 1 ? rows.map((row) => ({ ...row, world: title })) : rows,
  );
  const repeated = worlds.flatMap((world) => world.repeated);
  const because = (why: string) => (folder: string) => ({ folder, why });
  return {
    kind,
    worlds,
    rows,
    runs: tidyTable(rows, finished),
    unfinished: await someAtATime(gathered.unfinished, unfinishedRun),
    leftOut: [...gathered.foreign.map(because(UNREADABLE)), ...repeated.map(because(REPEATED))],
    text: [
      ...worlds.flatMap(worldText),
      ...besideFinished(gathered),
      ...leftOut(repeated, REPEATED),
    ],
  };
}

/** What the picture and the tables call each row, and all that is known of its run; of a round its density, and what it reached. */
function tidyTable(rows: readonly ResultRow[], finished: readonly FinishedRun[]): DataTable {
  const runs = new Map(finished.map((run) => [run.folder.path, tidyRun(run)]));
  const tidy = rows.map(({ folder, minutes, accuracy, kept, density }): TidyRun => {
    const run = runs.get(folder)!;
    if (minutes !== undefined) return run;
    const settings = new Map([...run.settings, ['density', density]]);
    return { ...run, settings, figures: roundFigures(accuracy, kept, density) };
  });
  const columns = columnsOf(tidy.map(({ settings }) => settings));
  const { data } = runsTable(tidy, columns, [], FIGURES);
  const table = data();
  return {
    columns: ['name', ...table.columns],
    rows: table.rows.map((row, i) => [rows[i]!.method, ...row]),
  };
}
