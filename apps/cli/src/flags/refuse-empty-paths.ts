import { WinnowError } from '@winnow/plugin-api';
import type { Command } from 'commander';

const OF_A_PATH = /<(dir|file|path)>$/;

/** Throws INVALID_OPTION where a path is empty, which would be taken for the folder that one is in. */
export function refuseEmptyPaths(command: Command): void {
  const empty = command.options.find((option) => {
    const value: unknown = command.getOptionValue(option.attributeName());
    return OF_A_PATH.test(option.flags) && typeof value === 'string' && value.trim() === '';
  });
  if (!empty) return;
  throw new WinnowError('INVALID_OPTION', `${empty.long} is empty.`, {
    hint: 'Give a path, or leave it out.',
  });
}
