import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
import { isFileOfRun } from './config-file.ts';

const lost = (problem: string) =>
  new WinnowError('INVALID_OPTION', problem, { hint: 'Give another place.' });

/** Written as soon as a run begins, beside a configuration that other programs have one of the same name as. */
const SIGNS = ['environments.json', 'timings.json', 'metrics.jsonl'];

/** Folders of a run in which all is its own. */
const INNER = new Set(['checkpoint', 'rounds']);

function isRun(folder: string): boolean {
  const has = (name: string) => existsSync(join(folder, name));
  return has('config.json') && SIGNS.some(has);
}

/** A path by whatever links it is given. */
function placeOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(resolve(path));
    return existsSync(folder) ? join(realpathSync(folder), basename(path)) : resolve(path);
  }
}

/** Where the data lie of what is typed as `NAME:PLACE`. */
export const placeOfData = (dataset: string | undefined): string | undefined =>
  /:(.+)$/s.exec(dataset ?? '')?.[1];

/**
 * Before a file is written where a user says (`flag`): it must be none that is read for it, nor one that a run wrote. Throws
 * INVALID_OPTION.
 */
export function assertNothingLost(
  flag: string,
  out: string,
  read: readonly (string | undefined)[] = [],
): void {
  const place = placeOf(out);
  if (read.some((path) => path !== undefined && placeOf(path) === place))
    throw lost(`${flag} ${out} is a file that is read, and would be lost.`);
  const folder = dirname(place);
  const run = INNER.has(basename(folder)) ? dirname(folder) : folder;
  if ((run !== folder || isFileOfRun(basename(place))) && isRun(run))
    throw lost(`${flag} ${out} is a file of the run in ${run}, which would be lost.`);
}

/** The same of a folder that gets a `report.html`. Throws INVALID_OPTION. */
export function assertNoRun(flag: string, out: string): void {
  if (isRun(out))
    throw lost(`${flag} ${out} is the folder of a run, whose report.html would be lost.`);
}
