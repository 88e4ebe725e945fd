import { basename, dirname, join, resolve } from 'node:path';
import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import { isFileOfRun } from './config-file.ts';
import { RunFolder } from './run-folder.ts';

const lost = (problem: string) =>
  new WinnowError('INVALID_OPTION', problem, { hint: 'Give another place.' });

async function isRun(folder: string): Promise<boolean> {
  try {
    return (await new RunFolder(folder).readConfig()) !== undefined;
  } catch (error) {
    // An edited one, or of another version, is a run too.
    return isWinnowError(error) && error.code !== 'BAD_RUN' && error.code !== 'FILE_NOT_READABLE';
  }
}

/**
 * Before a file is written where a user says (`flag`): it must be none that is read for it, nor one that a run wrote. Throws
 * INVALID_OPTION.
 */
export async function assertNothingLost(
  flag: string,
  out: string,
  read: readonly (string | undefined)[] = [],
): Promise<void> {
  const place = resolve(out);
  if (read.some((path) => path !== undefined && resolve(path) === place))
    throw lost(`${flag} ${out} is a file that is read, and would be lost.`);
  const [folder, name] = [dirname(place), basename(place)];
  if (isFileOfRun(name) && (await isRun(folder)))
    throw lost(`${flag} ${out} is a file of the run in ${folder}, which would be lost.`);
}

/** The same of a folder that gets a `report.html`. Throws INVALID_OPTION. */
export async function assertNoRun(flag: string, out: string): Promise<void> {
  if (!(await isRun(out))) return;
  throw lost(
    `${flag} ${out} is the folder of a run, whose ${join(out, 'report.html')} would be lost.`,
  );
}
