import { WinnowError, suggestName } from '@winnow/plugin-api';
import { type Settings, columnsOf, settingText } from './run-settings.ts';

/** One `--where`. */
export interface RunFilter {
  readonly setting: string;
  /** As it was given. */
  readonly text: string;
  /** What = and != name, in the order given. */
  readonly values: readonly string[];
  readonly fits: (value: unknown) => boolean;
}

const numberOf = (text: string) => (text.trim() === '' ? NaN : Number(text));

/** Texts that write one number otherwise, 0.050 and 0.05, are alike. */
const isAlike = (value: string, wanted: string) =>
  value === wanted || numberOf(value) === numberOf(wanted);

const ORDERS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function invalid(text: string, problem: string): WinnowError {
  return new WinnowError('INVALID_OPTION', `--where ${text} ${problem}.`, {
    hint: 'Write KEY=VALUE,…, KEY!=VALUE,…, KEY<NUMBER, or so with >, <= or >=; KEY= is for runs without it.',
  });
}

/** `method=cts,snip`, `epochs!=8`, `density<0.05`; a run that lacks the setting has the value ''. Throws INVALID_OPTION. */
export function parseFilter(text: string): RunFilter {
  const [, setting, operator, value] = /^([^=!<>]+)(!=|<=|>=|=|<|>)(.*)$/s.exec(text) ?? [];
  const words = value?.split(',').map((word) => word.trim()) ?? [];
  if (setting === undefined || words.some((word) => /^[=!<>]/.test(word)))
    throw invalid(text, 'is no condition');
  const inOrder = ORDERS[operator!];
  if (inOrder) {
    const bound = numberOf(value!);
    if (Number.isNaN(bound)) throw invalid(text, 'compares with what is no number');
    const fits = (own: unknown) => typeof own === 'number' && inOrder(own, bound);
    return { setting, text, values: [], fits };
  }
  // A list, or a path, may have commas of its own.
  const wanted = [value!, ...words];
  const isOne = (own: unknown) => wanted.some((word) => isAlike(settingText(own), word));
  const fits = operator === '=' ? isOne : (own: unknown) => !isOne(own);
  return { setting, text, values: words, fits };
}

/** Throws UNKNOWN_NAME, with the nearest known one, of a name of something that runs have. */
export function assertKnown(
  names: readonly string[],
  known: readonly string[],
  what: 'setting' | 'figure' | 'method',
): void {
  const stray = names.find((name) => !known.includes(name));
  if (stray === undefined) return;
  throw new WinnowError('UNKNOWN_NAME', `No run here has the ${what} "${stray}".`, {
    hint: suggestName(stray, known),
  });
}

/** Those that fit all filters. Throws UNKNOWN_NAME. */
export function filterRuns<Run extends { readonly settings: Settings }>(
  runs: readonly Run[],
  filters: readonly RunFilter[],
): readonly Run[] {
  // Of no runs it is not known what they may have.
  if (filters.length === 0 || runs.length === 0) return runs;
  const known = columnsOf(runs.map(({ settings }) => settings));
  assertKnown(
    filters.map(({ setting }) => setting),
    known,
    'setting',
  );
  return runs.filter(({ settings }) =>
    filters.every(({ setting, fits }) => fits(settings.get(setting))),
  );
}
