import { WinnowError } from '@winnow/plugin-api';
import type { Command } from 'commander';

const OF_A_PATH = /<(dir|file|path)>$/;

/** Throws INVALID_OPTION where a path is empty, which would be taken for the folder that one is in. */
export function refuseEmptyPaths(command: Command): void {
  const empty = command.options.find((option) => {
    const value: unknown = command.getOptionValue(option.attributeName());
    return OF_A_PATH.test(option.flags) && typeof value === 'string' && value.trim() === '';
  });
  // What commands are given beside flags are names and paths.
  const at = command.args.findIndex((word) => word.trim() === '');
  const argument =
    command.registeredArguments[Math.min(at, command.registeredArguments.length - 1)];
  const what = empty?.long ?? (at < 0 ? undefined : `<${argument?.name() ?? 'argument'}>`);
  if (what === undefined) return;
  throw new WinnowError('INVALID_OPTION', `${what} is empty.`, {
    hint: empty ? 'Give a path, or leave it out.' : 'Give its name or its path.',
  });
}
