import { join } from 'node:path';
import { writeWhole } from '@winnow/files/disk';
import {
  type MethodResult,
  type ReportTable,
  type ReportText,
  accuracyPicture,
  densityText,
  htmlReport,
  meanAndDeviation,
  statisticsByMethod,
  svgToPng,
} from '@winnow/report';
import { type FinishedRun, gatherRuns } from './gather-runs.ts';
import { tellRunsApart } from './tell-runs-apart.ts';

export type AccuracyKind = 'test' | 'validation';

/** A run, or a round of one. */
export interface ResultRow extends MethodResult {
  readonly kept: number;
  /** Of the search; not known of a round. */
  readonly minutes?: FinishedRun['result']['minutes'];
  readonly folder: string;
}

export interface ResultsReport {
  readonly title: string;
  readonly subtitle: string;
  readonly rows: readonly ResultRow[];
  readonly tables: readonly (ReportTable & { readonly heading: string })[];
  readonly svg: string;
  readonly text: ReportText;
}

const percent = (fraction: number) => (100 * fraction).toFixed(1);

async function rowsOf(
  { folder, result, config }: FinishedRun,
  method: string,
  kind: AccuracyKind,
): Promise<ResultRow[]> {
  const { seed, density, kept, minutes } = result;
  const common = { method, seed, folder: folder.path };
  const own: ResultRow = {
    ...common,
    accuracy: kind === 'test' ? result.testAccuracy : result.validationAccuracy,
    density,
    kept,
    minutes,
  };
  if (kind === 'test') return [own];
  // Round 0 is the dense network; the last ends where the run's own training begins.
  const rounds = (await folder.readRounds()).filter(({ round }) => round > 0);
  return [
    ...rounds
      .filter((round) => round.kept !== kept)
      .map(({ validationAccuracy, density, kept }) => ({
        ...common,
        accuracy: validationAccuracy,
        density,
        kept,
      })),
    own,
  ].map((row) => ({ ...row, seed: config.seed }));
}

/** One row a method, seed and number of weights: runs of one seed share rounds. A run's own row, which has minutes, counts. */
function oncePerTicket(rows: readonly ResultRow[]): ResultRow[] {
  const once = new Map<string, ResultRow>();
  for (const row of rows) {
    const key = JSON.stringify([row.method, row.seed, row.kept]);
    if (!once.has(key) || row.minutes) once.set(key, row);
  }
  return [...once.values()];
}

function accuracyTable(rows: readonly ResultRow[]): ReportTable {
  const methods = statisticsByMethod(rows);
  const densities = [
    ...new Set([...methods.values()].flatMap((points) => points.map((p) => p.density))),
  ].sort((a, b) => b - a);
  return {
    columns: ['method', ...densities.map(densityText)],
    rows: [...methods].map(([method, points]) => [
      method,
      ...densities.map((density) => {
        const point = points.find((p) => p.density === density);
        if (!point) return '';
        const spread = point.seeds > 1 ? ` ± ${percent(point.std)}` : '';
        return `${percent(point.mean)}${spread}`;
      }),
    ]),
  };
}

function minutesTable(rows: readonly ResultRow[]): ReportTable {
  const names = [...new Set(rows.map(({ method }) => method))];
  return {
    columns: ['method', 'runs', 'seeds', 'pre-training', 'search', 'training'],
    rows: names.map((name) => {
      const own = rows.filter(({ method }) => method === name);
      const timed = own.flatMap(({ minutes }) => (minutes ? [minutes] : []));
      const of = (phase: 'pretrain' | 'search' | 'train') =>
        meanAndDeviation(timed.map((minutes) => minutes[phase])).mean.toFixed(2);
      const seeds = [...new Set(own.map(({ seed }) => seed))].sort((a, b) => a - b);
      return [
        name,
        String(timed.length),
        seeds.join(', '),
        of('pretrain'),
        of('search'),
        of('train'),
      ];
    }),
  };
}

/**
 * Finished runs of one network and data set, side by side. With `validation`, each round of a method that trains in
 * rounds is a point of its own. Throws FILE_NOT_READABLE, BAD_RUN, NO_RUNS, MIXED_RUNS.
 */
export async function resultsReport(
  folders: readonly string[],
  kind: AccuracyKind,
): Promise<ResultsReport> {
  const { finished, unfinished, foreign } = await gatherRuns(folders);
  const names = tellRunsApart(finished.map(({ config }) => config));
  const all = (await Promise.all(finished.map((run, i) => rowsOf(run, names[i]!, kind)))).flat();
  const rows = kind === 'test' ? all : oncePerTicket(all);
  const { model, dataset } = finished[0]!.result;
  const { classes } = finished[0]!.config;
  const title = `${model} on ${dataset}`;
  const subtitle = `${kind} accuracy in %: mean of the seeds ± 1 standard deviation`;
  const tables = [
    { heading: 'Accuracy', ...accuracyTable(rows) },
    { heading: 'Minutes a run', ...minutesTable(rows) },
  ];
  const leftOut = Object.entries({
    'not finished': unfinished,
    'not readable as a run': foreign,
  }).flatMap(([why, paths]) =>
    paths.length > 0 ? [`Left out, because ${why}: ${paths.join(', ')}`] : [],
  );
  return {
    title,
    subtitle,
    rows,
    tables,
    svg: accuracyPicture({ title, subtitle, chance: 1 / classes, results: rows }),
    text: [
      `${title}, ${subtitle}`,
      tables[0]!,
      'Minutes a run, on average',
      tables[1]!,
      ...leftOut,
    ],
  };
}

function csv(rows: readonly ResultRow[]): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = rows.map(({ method, seed, density, kept, accuracy, minutes, folder }) =>
    [
      quoted(method),
      density,
      kept,
      seed,
      accuracy,
      minutes?.pretrain ?? '',
      minutes?.search ?? '',
      minutes?.train ?? '',
      quoted(folder),
    ].join(','),
  );
  const head =
    'method,density,kept,seed,accuracy,pretrain_minutes,search_minutes,train_minutes,folder';
  return [head, ...lines, ''].join('\n');
}

/** Writes accuracy.svg, accuracy.png, runs.csv and report.html into a folder. Throws FILE_NOT_WRITABLE. */
export async function writeResultsReport(report: ResultsReport, out: string): Promise<void> {
  const { title, subtitle, svg, tables, rows } = report;
  const [first, ...others] = tables;
  await writeWhole(join(out, 'accuracy.svg'), svg);
  await writeWhole(join(out, 'accuracy.png'), svgToPng(svg, { width: 1800 }));
  await writeWhole(join(out, 'runs.csv'), csv(rows));
  const sections = [
    { heading: first!.heading, svg, table: first! },
    ...others.map((table) => ({ heading: table.heading, table })),
  ];
  await writeWhole(join(out, 'report.html'), htmlReport({ title, summary: subtitle, sections }));
}
