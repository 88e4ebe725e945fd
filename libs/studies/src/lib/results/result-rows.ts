import { type MethodResult, densityKey } from '@winnow/report';
import type { FinishedRun } from './gather-runs.ts';

export type AccuracyKind = 'test' | 'validation';

/** A run, or a round of one. */
export interface ResultRow extends MethodResult {
  readonly kept: number;
  /** Of the search; not known of a round. */
  readonly minutes?: FinishedRun['result']['minutes'];
  readonly folder: string;
  /** Where not all runs have had the same: "node 22.1.0". */
  readonly versions?: string;
}

/** What is known of a run from its name and its versions among the others. */
export type RowName = Pick<ResultRow, 'method' | 'versions'>;

/** The rows of a run, its own the last. */
export async function rowsOf(
  { folder, result, config }: FinishedRun,
  name: RowName,
  kind: AccuracyKind,
): Promise<ResultRow[]> {
  const { seed, density, kept, minutes } = result;
  const common = { ...name, seed, folder: folder.path };
  const own: ResultRow = {
    ...common,
    accuracy: kind === 'test' ? result.testAccuracy : result.validationAccuracy,
    density,
    kept,
    minutes,
  };
  // Rounds of fewer epochs, or before fine-tuning, were trained otherwise than the run at its end.
  const { fineTune, method } = config;
  if (kind === 'test' || fineTune || method.options['roundEpochs'] !== undefined) return [own];
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

/**
 * One row a method, seed and density, alike to three digits: runs of one seed share rounds, and a run that was copied is no
 * second seed.
 * A run's own row, which has minutes, counts before a round's; of runs the first one.
 */
export function oncePerTicket(rows: readonly ResultRow[]): {
  readonly rows: readonly ResultRow[];
  /** Folders of runs that are there already. */
  readonly repeated: readonly string[];
} {
  const once = new Map<string, ResultRow>();
  const repeated: string[] = [];
  for (const row of rows) {
    const key = JSON.stringify([row.method, row.seed, densityKey(row.density)]);
    const known = once.get(key);
    if (!known || (row.minutes && !known.minutes)) once.set(key, row);
    else if (row.minutes) repeated.push(row.folder);
  }
  return { rows: [...once.values()], repeated };
}
