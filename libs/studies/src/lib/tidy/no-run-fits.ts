import { WinnowError } from '@winnow/plugin-api';
import { type RunFilter, filterRuns } from './run-filter.ts';
import { groupRuns } from './run-groups.ts';
import { settingText } from './run-settings.ts';
import type { TidyRun } from './tidy-runs.ts';

/** "cts, snip and 3 more" */
function valuesTold(runs: readonly TidyRun[], setting: string): string {
  const values = groupRuns(runs, [setting]).map(({ settings }) =>
    settingText(settings.get(setting)),
  );
  const [some, others] = [values.slice(0, 12), values.slice(12)];
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return some.map((value) => value || 'none').join(', ') + more;
}

/** Of conditions that none of these runs fits, with the values that there are of the first one that rules all out. */
export function noRunFits(
  all: readonly TidyRun[],
  where: readonly RunFilter[],
  what: 'run' | 'finished run' = 'finished run',
): WinnowError {
  const conditions = where.map(({ text }) => text).join(' and ');
  const { setting } = where.find((filter) => filterRuns(all, [filter]).length === 0) ?? where[0]!;
  return new WinnowError('NO_RUNS', `No ${what} has ${conditions}.`, {
    hint: `${what[0]!.toUpperCase()}${what.slice(1)}s have ${setting} ${valuesTold(all, setting)}; see what there is with \`winnow list runs\`.`,
  });
}
