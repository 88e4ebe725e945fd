import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import { type RunConfig, RunFolder, type RunResult } from '@winnow/experiments';

export interface FinishedRun {
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly result: RunResult;
}

export interface GatheredRuns {
  readonly finished: readonly FinishedRun[];
  /** Folders of runs that have no result yet. */
  readonly unfinished: readonly string[];
  /** Folders below the given ones that cannot be read, or whose `config.json` is no run's. */
  readonly foreign: readonly string[];
}

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

/** Run folders at or below a path, in the order of their names; what lies inside a run is its own. */
async function runsBelow(path: string, foreign: string[]): Promise<RunFolder[]> {
  const folder = new RunFolder(path);
  if (await folder.readConfig()) return [folder];
  const found: RunFolder[] = [];
  for (const below of (await foldersIn(path)).sort()) {
    try {
      found.push(...(await runsBelow(below, foreign)));
    } catch (error) {
      if (!isWinnowError(error)) throw error;
      foreign.push(below);
    }
  }
  return found;
}

/** The runs at or below the given folders. Throws FILE_NOT_READABLE, BAD_RUN, and NO_RUNS where none is finished. */
export async function gatherRuns(paths: readonly string[]): Promise<GatheredRuns> {
  const missing = paths.find((path) => !existsSync(path) || !statSync(path).isDirectory());
  if (missing !== undefined) {
    throw new WinnowError('FILE_NOT_READABLE', `There is no folder ${missing}.`, {
      hint: 'Give run folders, or folders around them.',
    });
  }
  const folders: RunFolder[] = [];
  const foreign: string[] = [];
  for (const path of paths) folders.push(...(await runsBelow(path, foreign)));
  const finished: FinishedRun[] = [];
  const unfinished: string[] = [];
  const seen = new Set<string>();
  for (const folder of folders) {
    if (seen.has(resolve(folder.path))) continue;
    seen.add(resolve(folder.path));
    const [config, result] = [await folder.readConfig(), await folder.readResult()];
    if (config && result) finished.push({ folder, config, result });
    else unfinished.push(folder.path);
  }
  if (finished.length === 0) {
    const unread =
      foreign.length > 0 ? `; not readable as a run: ${[...new Set(foreign)].join(', ')}` : '';
    throw new WinnowError('NO_RUNS', `There is no finished run in ${paths.join(', ')}${unread}.`, {
      hint: 'Start one with `winnow run`; `winnow resume` goes on with an unfinished one.',
    });
  }
  return { finished, unfinished, foreign: [...new Set(foreign)] };
}
