import { WinnowError } from '@winnow/plugin-api';
import type { Command } from 'commander';

/** Of a command that was given runs: throws INVALID_OPTION for a flag on the command line that is none of `known`. */
export function refuseFlagsOfNewRuns(command: Command, known: ReadonlySet<string>): void {
  const unused = command.options.find((option) => {
    const name = option.attributeName();
    return command.getOptionValueSource(name) === 'cli' && !known.has(name);
  });
  if (unused === undefined) return;
  throw new WinnowError('INVALID_OPTION', `${unused.long} is for new runs, and runs are given.`, {
    hint: 'Leave it out, or the run folders.',
  });
}
