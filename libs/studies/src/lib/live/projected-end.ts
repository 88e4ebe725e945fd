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
  const usual = mean(done.map(({ minutes }) => minutes));
  const expected = (kind: string) => {
    const alike = done.filter((run) => run.kind === kind).map(({ minutes }) => minutes);
    return alike.length > 0 ? mean(alike) : usual;
  };
  const left = [
    ...running.map(({ kind, minutes, minutesLeft }) =>
      Math.max(minutesLeft, expected(kind) - minutes),
    ),
    ...waiting.map(({ kind, minutes }) => Math.max(0, expected(kind) - minutes)),
  ];
  const longest = Math.max(...left.slice(0, running.length));
  return Math.max(longest, left.reduce((a, b) => a + b) / running.length);
}
