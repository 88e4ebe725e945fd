import { basename } from 'node:path';
import {
  type Page,
  type PageBlock,
  type PageCell,
  type PageSection,
  type PageTable,
  accuracyPicture,
  densityKey,
  densityText,
  groupBy,
  minutesText,
  statisticsByMethod,
} from '@winnow/report';
import type { ResultRow } from './result-rows.ts';
import type { ResultsReport } from './results-report.ts';
import { seedText } from './result-tables.ts';
import { MOST_ROWS, tableSection } from './table-section.ts';
import type { UnfinishedRun } from './unfinished-run.ts';
import type { WorldResults } from './world-results.ts';

/** The address of a run's page, if it has one that can be reached from here. */
export type PageOfRun = (folder: string) => string | undefined;

const MOST_SEEDS = 8;

const percent = (fraction: number) => `${(100 * fraction).toFixed(2)} %`;
const count = (n: number, one: string, more = `${one}s`) =>
  `${n.toLocaleString('en')} ${n === 1 ? one : more}`;

/** A run by the name of its folder, leading to its page where it has one. */
function runCell(folder: string, pageOf: PageOfRun): PageCell {
  const [text, href] = [basename(folder), pageOf(folder)];
  return href === undefined ? text : { text, href };
}

/** What there is to see in the picture. */
function chartLabel({ title, rows }: WorldResults, kind: string): string {
  const ends = [...statisticsByMethod(rows)].map(([method, [sparsest]]) => {
    const { mean, density } = sparsest!;
    return `${method} ${percent(mean)} at ${densityText(density)}`;
  });
  const told = ends.length > 12 ? [...ends.slice(0, 12), `and ${ends.length - 12} more`] : ends;
  return `${kind} accuracy of ${title} against density. At the lowest density of each: ${told.join('; ')}.`;
}

/** What leads to the page of the run that a row is of. */
function accuracyCell({ accuracy, folder }: ResultRow, pageOf: PageOfRun): PageCell {
  const [text, href] = [percent(accuracy), pageOf(folder)];
  return href === undefined ? text : { text, href };
}

const minutesOf = ({ minutes }: ResultRow) =>
  minutes ? minutes.pretrain + minutes.search + minutes.train : 0;

/** "98 to 102": runs of one row may keep other numbers. */
function keptText(runs: readonly ResultRow[]): string {
  const kept = [...new Set(runs.map((run) => run.kept))].sort((a, b) => a - b);
  const ends = kept.length > 1 ? [kept[0]!, kept.at(-1)!] : kept;
  return ends.map((one) => one.toLocaleString('en-US')).join(' to ');
}

/** A row a method and density, to three digits as for the means, a column a seed; nothing where these are many. */
function runsBySeed({ title, rows }: WorldResults, pageOf: PageOfRun): PageTable | undefined {
  const own = rows.filter(({ minutes }) => minutes);
  const seeds = [...new Set(own.map(({ seed }) => seed))].sort((a, b) => a - b);
  const methods = [...groupBy(own, ({ method }) => method).values()];
  const inOrder = methods.flatMap((runs) => runs.toSorted((a, b) => b.density - a.density));
  const settings = groupBy(inOrder, ({ method, density }) =>
    JSON.stringify([method, densityKey(density)]),
  );
  if (seeds.length > MOST_SEEDS) return undefined;
  return {
    kind: 'table',
    caption: `${title}: accuracy in each of ${count(own.length, 'run')}, which leads to its page`,
    columns: ['method', 'density', 'weights', ...seeds.map((seed) => `seed ${seed}`), 'minutes'],
    rows: [...settings.values()].map((runs) => [
      runs[0]!.method,
      densityText(runs[0]!.density),
      keptText(runs),
      ...seeds.map((seed) => {
        const run = runs.find((one) => one.seed === seed);
        return run ? accuracyCell(run, pageOf) : '– missing';
      }),
      minutesText(runs.reduce((sum, run) => sum + minutesOf(run), 0) / runs.length),
    ]),
    folded: settings.size > MOST_ROWS,
  };
}

/** A row a run. */
function runsTable({ title, rows }: WorldResults, kind: string, pageOf: PageOfRun): PageTable {
  const own = rows.filter(({ minutes }) => minutes);
  return {
    kind: 'table',
    caption: `${title}: ${count(own.length, 'run')}`,
    columns: ['run', 'method', 'density', 'seed', `${kind} accuracy`, 'weights', 'minutes'],
    rows: own.map((row) => [
      runCell(row.folder, pageOf),
      row.method,
      densityText(row.density),
      String(row.seed),
      percent(row.accuracy),
      row.kept.toLocaleString('en-US'),
      minutesText(minutesOf(row)),
    ]),
    folded: own.length > MOST_ROWS,
  };
}

function worldSections(
  world: WorldResults,
  kind: ResultsReport['kind'],
  pageOf: PageOfRun,
): PageSection[] {
  const { title, subtitle, chance, rows, accuracy, minutes, tests, notes } = world;
  const accuracyBlocks: PageBlock[] = [
    {
      kind: 'chart',
      label: chartLabel(world, kind),
      draw: (look) => accuracyPicture({ title, subtitle, chance, results: rows }, look),
    },
    { kind: 'table', caption: `${title}: ${subtitle}`, ...accuracy },
    ...notes,
  ];
  return [
    { heading: 'Accuracy', blocks: accuracyBlocks },
    ...(tests.length > 0
      ? [
          {
            heading: 'Differences between methods',
            blocks: [
              { kind: 'list', items: tests } as const,
              'The best method at each density, chosen by these same numbers, beside the others: Welch’s two-sided t test. Of many tests some find a difference by chance; `winnow results --welch` tests two methods of your choice.',
            ],
          },
        ]
      : []),
    {
      heading: 'Minutes a run',
      blocks: [{ kind: 'table', caption: `${title}: means over runs`, ...minutes }],
    },
    {
      heading: 'Runs',
      blocks: [runsBySeed(world, pageOf) ?? runsTable(world, kind, pageOf)],
    },
  ];
}

/** Runs without a result, in sight; nothing where there are none. */
export function unfinishedSection(
  unfinished: readonly UnfinishedRun[],
  pageOf: PageOfRun,
): PageSection[] {
  return tableSection('Not finished', {
    caption: `${count(unfinished.length, 'run')} that the means above lack`,
    columns: ['run', 'state', 'reason'],
    rows: unfinished.map(({ folder, state, reason = '' }) => [
      runCell(folder, pageOf),
      state,
      reason,
    ]),
  });
}

const leftOutSection = (left: ResultsReport['leftOut']) =>
  tableSection('Left out', {
    caption: 'Folders that have no place above',
    columns: ['folder', 'why'],
    rows: left.map(({ folder, why }) => [folder, why]),
  });

/** Of one network and data set, or a section for each of several. */
export function worldsSections(
  worlds: readonly WorldResults[],
  kind: ResultsReport['kind'],
  pageOf: PageOfRun,
): PageSection[] {
  if (worlds.length === 1) return worldSections(worlds[0]!, kind, pageOf);
  return worlds.map((world) => ({
    heading: world.title,
    blocks: [],
    sections: worldSections(world, kind, pageOf),
  }));
}

/** The page of what runs came to; a section for each network and data set, where these are several. */
export function resultsPage(
  { kind, worlds, rows, unfinished, leftOut }: ResultsReport,
  pageOf: PageOfRun,
  title = worlds.map((world) => world.title).join(', '),
): Page {
  const runs = rows.filter(({ minutes }) => minutes).length;
  const methods = new Set(rows.map(({ method }) => method)).size;
  const missing =
    unfinished.length > 0
      ? ` ${count(unfinished.length, 'run is', 'runs are')} not finished, and told at the end.`
      : '';
  const [first] = worlds;
  return {
    title,
    summary: `${count(runs, 'finished run')} of ${count(methods, 'method')}, seeds ${seedText(rows.map(({ seed }) => seed))}.${missing}${worlds.length === 1 ? `\n\nBelow is ${first!.subtitle}.` : ''}`,
    sections: [
      ...worldsSections(worlds, kind, pageOf),
      ...unfinishedSection(unfinished, pageOf),
      ...leftOutSection(leftOut),
    ],
  };
}
