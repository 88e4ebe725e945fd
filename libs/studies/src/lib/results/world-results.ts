import { type ReportTable, seedCounts, statisticsByMethod } from '@winnow/report';
import { chanceOf } from './chance-of.ts';
import type { FinishedRun } from './gather-runs.ts';
import { methodSentences } from './method-sentences.ts';
import { missingSeeds } from './missing-seeds.ts';
import { type AccuracyKind, type ResultRow, oncePerTicket, rowsOf } from './result-rows.ts';
import { accuracyTable, minutesTable } from './result-tables.ts';
import { tellRunsApart } from './tell-runs-apart.ts';
import { ticketNotes } from './ticket-notes.ts';
import { differingVersions, versionNotes } from './version-notes.ts';

/** What runs of one network and data set came to. */
export interface WorldResults {
  /** `resnet8 on digits` */
  readonly title: string;
  readonly subtitle: string;
  /** The accuracy of guessing, as a fraction, where it is one of all runs. */
  readonly chance: number | undefined;
  readonly rows: readonly ResultRow[];
  readonly accuracy: ReportTable;
  readonly minutes: ReportTable;
  /** Welch's test between methods, in words. */
  readonly tests: readonly string[];
  /** What the means are not alike in, beside what their rows are called, and what tickets note. */
  readonly notes: readonly string[];
  /** Folders of runs that are there already. */
  readonly repeated: readonly string[];
}

export const worldOf = ({ config: { model, dataset } }: Pick<FinishedRun, 'config'>) =>
  `${model.name} on ${dataset.name}`;

/** All of one network and data set. Throws what reading a run does. */
export async function worldResults(
  finished: readonly FinishedRun[],
  kind: AccuracyKind,
): Promise<WorldResults> {
  const told = finished.map(({ config, result: { environments } }) => ({ config, environments }));
  const labels = tellRunsApart(told);
  const versions = differingVersions(told);
  const all = finished.map((run, i) =>
    rowsOf(run, { method: labels[i]!, ...(versions && { versions: versions[i]! }) }, kind),
  );
  const { rows, repeated } = oncePerTicket((await Promise.all(all)).flat());
  const counts = [...statisticsByMethod(rows).values()].flat().map(({ seeds }) => seeds);
  return {
    title: worldOf(finished[0]!),
    subtitle: `${kind} accuracy in %: ${Math.max(...counts) > 1 ? `mean of ${seedCounts(counts)} ± 1 standard deviation` : 'of 1 seed'}`,
    chance: chanceOf(finished),
    rows,
    accuracy: accuracyTable(rows),
    minutes: minutesTable(rows),
    tests: methodSentences(rows),
    notes: [
      ...missingSeeds(rows.map((row) => ({ ...row, label: row.method }))),
      ...ticketNotes(
        finished.map(({ config: { density, seed }, result: { notes } }, i) => ({
          label: labels[i]!,
          density,
          seed,
          notes,
        })),
      ),
      ...versionNotes(told, labels),
    ],
    repeated,
  };
}
