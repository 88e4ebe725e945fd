import { groupBy } from '@winnow/report';

/** What is known of the runs of a study, for telling how long the rest will take. */
export interface Workload {
  /** Of each run that is done: which others are like it, and the minutes that it took. */
  readonly done: readonly { readonly kind: string; readonly minutes: number }[];
  /** Of each that is under way: its minutes so far, and those that the phase under way still needs. */
  readonly running: readonly {
    readonly kind: string;
    readonly minutes: number;
    readonly minutesLeft: number;
  }[];
  /** Of each that waits or stands still. */
  readonly waiting: readonly { readonly kind: string; readonly minutes: number }[];
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;

/**
 * About how many minutes the rest takes, with as many runs at a time as are under way: each as long as those of its kind
 * that are done, or else as all that are. Undefined before the first is done, and where nothing is under way.
 */
export function projectedMinutes({ done, running, waiting }: Workload): number | undefined {
  if (done.length === 0 || running.length === 0) return undefined;
  const minutesOf = (runs: Workload['done']) => mean(runs.map(({ minutes }) => minutes));
  const usual = minutesOf(done);
  const byKind = new Map(
    [...groupBy(done, ({ kind }) => kind)].map(([kind, runs]) => [kind, minutesOf(runs)]),
  );
  const expected = (kind: string) => byKind.get(kind) ?? usual;
  const left = [
    ...running.map(({ kind, minutes, minutesLeft }) =>
      Math.max(minutesLeft, expected(kind) - minutes),
    ),
    ...waiting.map(({ kind, minutes }) => Math.max(0, expected(kind) - minutes)),
  ];
  const longest = Math.max(...left.slice(0, running.length));
  return Math.max(longest, left.reduce((a, b) => a + b) / running.length);
}
