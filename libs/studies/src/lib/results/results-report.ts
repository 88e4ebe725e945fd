import { join } from 'node:path';
import { writeWhole } from '@winnow/files/disk';
import {
  type ReportTable,
  type ReportText,
  accuracyPicture,
  htmlReport,
  seedCounts,
  statisticsByMethod,
  svgToPng,
} from '@winnow/report';
import { type FinishedRun, type GatheredRuns, gatherRuns } from './gather-runs.ts';
import { dataCsv } from '../tidy/result-formats.ts';
import type { DataTable } from '../tidy/results-table.ts';
import { FIGURES, roundFigures } from '../tidy/run-figures.ts';
import { columnsOf } from '../tidy/run-settings.ts';
import { runsTable } from '../tidy/runs-table.ts';
import { type TidyRun, tidyRun } from '../tidy/tidy-runs.ts';
import { missingSeeds } from './missing-seeds.ts';
import { type AccuracyKind, type ResultRow, oncePerTicket, rowsOf } from './result-rows.ts';
import { accuracyTable, minutesTable } from './result-tables.ts';
import { tellRunsApart } from './tell-runs-apart.ts';
import { differingVersions, versionNotes } from './version-notes.ts';

export interface ResultsReport {
  readonly title: string;
  readonly subtitle: string;
  readonly rows: readonly ResultRow[];
  /** The same with all that is known of each. */
  readonly runs: DataTable;
  readonly tables: readonly (ReportTable & { readonly heading: string })[];
  /** What the means are not alike in, beside what their rows are called. */
  readonly notes: readonly string[];
  readonly svg: string;
  readonly text: ReportText;
}

/** Which folders have no row, and why. */
function leftOut({ unfinished, foreign }: GatheredRuns, repeated: readonly string[]): string[] {
  return Object.entries({
    'not finished': unfinished,
    'not readable as a run': foreign,
    'a run of the same name and seed is there': repeated,
  }).flatMap(([why, paths]) =>
    paths.length > 0 ? [`Left out, because ${why}: ${paths.join(', ')}`] : [],
  );
}

/**
 * Finished runs of one network and data set, side by side. With `validation`, each round of a method that trains in
 * rounds is a point of its own. Throws FILE_NOT_READABLE, BAD_RUN, NO_RUNS, MIXED_RUNS.
 */
export async function resultsReport(
  folders: readonly string[],
  kind: AccuracyKind,
): Promise<ResultsReport> {
  const gathered = await gatherRuns(folders);
  const { finished } = gathered;
  const told = finished.map(({ config, result: { environments } }) => ({ config, environments }));
  const labels = tellRunsApart(told);
  const versions = differingVersions(told);
  const all = finished.map((run, i) =>
    rowsOf(run, { method: labels[i]!, ...(versions && { versions: versions[i]! }) }, kind),
  );
  const { rows, repeated } = oncePerTicket((await Promise.all(all)).flat());
  const { model, dataset } = finished[0]!.result;
  const { classes } = finished[0]!.config;
  const counts = [...statisticsByMethod(rows).values()].flat().map(({ seeds }) => seeds);
  const title = `${model} on ${dataset}`;
  const subtitle = `${kind} accuracy in %: mean of ${seedCounts(counts)} ± 1 standard deviation`;
  const tables = [
    { heading: 'Accuracy', ...accuracyTable(rows) },
    { heading: 'Minutes a run', ...minutesTable(rows) },
  ];
  const notes = [
    ...missingSeeds(rows.map((row) => ({ ...row, label: row.method }))),
    ...versionNotes(told, labels),
  ];
  return {
    title,
    subtitle,
    rows,
    runs: tidyTable(rows, finished),
    tables,
    notes,
    svg: accuracyPicture({
      title,
      subtitle: [subtitle, ...notes].join('\n'),
      chance: 1 / classes,
      results: rows,
    }),
    text: [
      `${title}, ${subtitle}`,
      tables[0]!,
      'Minutes a run, on average',
      tables[1]!,
      ...notes,
      ...leftOut(gathered, repeated),
    ],
  };
}

/** What the picture and the tables call each row, and all that is known of its run; of a round, what it reached. */
function tidyTable(rows: readonly ResultRow[], finished: readonly FinishedRun[]): DataTable {
  const runs = new Map(finished.map((run) => [run.folder.path, tidyRun(run)]));
  const tidy = rows.map(({ folder, minutes, accuracy, kept, density }): TidyRun => {
    const run = runs.get(folder)!;
    const isRound = minutes === undefined;
    return isRound ? { ...run, figures: roundFigures(accuracy, kept, density) } : run;
  });
  const columns = columnsOf(tidy.map(({ settings }) => settings));
  const { data } = runsTable(tidy, columns, [], FIGURES);
  const table = data();
  return {
    columns: ['name', ...table.columns],
    rows: table.rows.map((row, i) => [rows[i]!.method, ...row]),
  };
}

/** Writes accuracy.svg, accuracy.png, runs.csv and report.html into a folder. Throws FILE_NOT_WRITABLE. */
export async function writeResultsReport(report: ResultsReport, out: string): Promise<void> {
  const { title, subtitle, svg, tables, runs, notes } = report;
  const [first, ...others] = tables;
  await writeWhole(join(out, 'accuracy.svg'), svg);
  await writeWhole(join(out, 'accuracy.png'), svgToPng(svg, { width: 1800 }));
  await writeWhole(join(out, 'runs.csv'), dataCsv(runs));
  const sections = [
    { heading: first!.heading, svg, table: first! },
    ...others.map((table) => ({ heading: table.heading, table })),
  ];
  const summary = [subtitle, ...notes].join('\n\n');
  await writeWhole(join(out, 'report.html'), htmlReport({ title, summary, sections }));
}
