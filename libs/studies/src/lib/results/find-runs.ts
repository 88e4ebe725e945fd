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

/**
 * Run folders at or below the given ones, each once, in the order of their names; what lies inside a run is its own. Below
 * the given ones, what cannot be read, or has a `config.json` that is no run's, is foreign. Throws FILE_NOT_READABLE, and
 * of the given ones themselves what `readConfig` does.
 */
export async function findRuns(paths: readonly string[]): Promise<{
  readonly runs: readonly FoundRun[];
  readonly foreign: readonly { readonly path: string; readonly problem: WinnowError }[];
}> {
  const missing = paths.find((path) => !existsSync(path) || !statSync(path).isDirectory());
  if (missing !== undefined) {
    throw new WinnowError('FILE_NOT_READABLE', `There is no folder ${missing}.`, {
      hint: 'Give run folders, or folders around them.',
    });
  }
  const given = paths.map(placeAt);
  for (let level = given; level.length > 0; level = level.flatMap(({ below }) => below))
    await someAtATime(level, look);
  const refused = given.find(({ problem }) => problem);
  if (refused) throw refused.problem!;
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
