import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type RunConfig, RunFolder } from '@winnow/experiments';
import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import { someAtATime } from '../execute/some-at-a-time.ts';

export interface FoundRun {
  readonly folder: RunFolder;
  readonly config: RunConfig;
}

/** A folder, the run in it, and the folders in it where there is none. */
interface Place {
  readonly path: string;
  run?: FoundRun;
  below: Place[];
  problem?: WinnowError;
}

const placeAt = (path: string): Place => ({ path, below: [] });

async function foldersIn(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
  } catch (cause) {
    throw new WinnowError(
      'FILE_NOT_READABLE',
      `${path} cannot be read (${(cause as Error).message}).`,
      { hint: 'Give folders that you may read.', cause },
    );
  }
}

async function look(place: Place): Promise<void> {
  try {
    const folder = new RunFolder(place.path);
    const config = await folder.readConfig();
    if (config) place.run = { folder, config };
    else place.below = (await foldersIn(place.path)).sort().map(placeAt);
  } catch (error) {
    if (!isWinnowError(error)) throw error;
    place.problem = error;
  }
}

const all = (place: Place): Place[] => [place, ...place.below.flatMap(all)];

/** What is at or below some folders: runs, and what cannot be read, or has a `config.json` that is no run's. */
export interface FoundRuns {
  readonly runs: readonly FoundRun[];
  readonly foreign: readonly { readonly path: string; readonly problem: WinnowError }[];
}

/**
 * Run folders at or below the given ones, each once, in the order of their names; what lies inside a run is its own. Throws
 * FILE_NOT_READABLE where a given one is not there.
 */
export async function lookForRuns(paths: readonly string[]): Promise<FoundRuns> {
  const missing = paths.find((path) => !existsSync(path) || !statSync(path).isDirectory());
  if (missing !== undefined) {
    const problem = existsSync(missing)
      ? `${missing} is no folder`
      : `There is no folder ${missing}`;
    throw new WinnowError('FILE_NOT_READABLE', `${problem}.`, {
      hint: 'Give run folders, or folders around them.',
    });
  }
  const given = paths.map(placeAt);
  for (let level = given; level.length > 0; level = level.flatMap(({ below }) => below))
    await someAtATime(level, look);
  const seen = new Set<string>();
  const places = given.flatMap(all).filter(({ path }) => {
    const isNew = !seen.has(resolve(path));
    seen.add(resolve(path));
    return isNew;
  });
  return {
    runs: places.flatMap(({ run }) => run ?? []),
    foreign: places.flatMap(({ path, problem }) => (problem ? { path, problem } : [])),
  };
}

/** The same of folders that are to be read themselves. Throws FILE_NOT_READABLE, and of them what `readConfig` does. */
export async function findRuns(paths: readonly string[]): Promise<FoundRuns> {
  const found = await lookForRuns(paths);
  const given = new Set(paths.map((path) => resolve(path)));
  const refused = found.foreign.find(({ path }) => given.has(resolve(path)));
  if (refused) throw refused.problem;
  return found;
}
