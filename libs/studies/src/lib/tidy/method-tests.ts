import { WinnowError } from '@winnow/plugin-api';
import type { SampleStatistics } from '../statistics/sample-statistics.ts';
import { type WelchTest, welchTest } from '../statistics/welch-test.ts';
import { assertKnown } from './run-filter.ts';
import { type RunGroup, figureOf, groupRuns, valuesAmong } from './run-groups.ts';
import { type Settings, headOf, settingText } from './run-settings.ts';
import type { TidyRun } from './tidy-runs.ts';

/** A figure of two methods that are alike in all else that runs are grouped by. */
export interface MethodTest {
  /** Of the first run of each method. */
  readonly settings: readonly [Settings, Settings];
  readonly figure: string;
  readonly samples: readonly [SampleStatistics, SampleStatistics];
  /** Of the first less the second; null where one of them has a single run. */
  readonly test: WelchTest | null;
}

/** Whether a setting is of the method: its name, an option, or its objective with its options. */
export const isOfMethod = (name: string) => ['method', 'objective'].includes(headOf(name));

/** The runs of two methods. Throws UNKNOWN_NAME where there are none of one. */
export function ofMethods(
  runs: readonly TidyRun[],
  methods: readonly [string, string],
): readonly TidyRun[] {
  const methodOf = ({ settings }: TidyRun) => settingText(settings.get('method'));
  assertKnown(methods, [...new Set(runs.map(methodOf))], 'method');
  return runs.filter((run) => methods.includes(methodOf(run)));
}

function testOf(a: RunGroup, b: RunGroup, figure: string): MethodTest | [] {
  const samples = [figureOf(a.runs, figure), figureOf(b.runs, figure)] as const;
  if (!samples[0] || !samples[1]) return [];
  const isTestable = samples[0].n > 1 && samples[1].n > 1;
  return {
    settings: [a.settings, b.settings],
    figure,
    samples: [samples[0], samples[1]],
    test: isTestable ? welchTest(valuesAmong(a.runs, figure), valuesAmong(b.runs, figure)) : null,
  };
}

/**
 * Welch's test of each figure between two methods, among runs that are alike in the other settings of `by`. Where settings
 * of the method itself part its runs, each part is tested; `groups` are these parts. Throws NO_RUNS where no runs of both
 * are alike.
 */
export function testMethods(
  runs: readonly TidyRun[],
  methods: readonly [string, string],
  by: readonly string[],
  figures: readonly string[],
): { readonly tests: readonly MethodTest[]; readonly groups: readonly RunGroup[] } {
  const shared = by.filter((name) => !isOfMethod(name));
  const pairs = groupRuns(runs, shared).flatMap(({ runs: alike }) => {
    const parts = groupRuns(alike, ['method', ...by.filter(isOfMethod)]);
    const [first, second] = methods.map((method) =>
      parts.filter(({ settings }) => settings.get('method') === method),
    );
    return first!.flatMap((a) => second!.map((b) => [a, b] as const));
  });
  const tests = pairs.flatMap(([a, b]) => figures.flatMap((figure) => testOf(a, b, figure)));
  if (tests.length > 0) return { tests, groups: pairs.flat() };
  const both = methods.join(' and ');
  if (pairs.length > 0) {
    throw new WinnowError('NO_RUNS', `No runs of ${both} both have ${figures.join(' or ')}.`, {
      hint: 'Name another --figure.',
    });
  }
  const where = shared.length > 0 ? ` in ${shared.join(', ')}` : '';
  throw new WinnowError('NO_RUNS', `No runs of ${both} are alike${where}.`, {
    hint: 'Name with --group-by what they are to agree in, and nothing else.',
  });
}
