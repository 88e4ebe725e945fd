import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
import type { RunConfig } from './run-config.ts';
import { RunFolder } from './run-folder.ts';
import type { RunResult } from './run-result.ts';

export interface FinishedRun {
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly result: RunResult;
}

export interface GatheredRuns {
  readonly finished: readonly FinishedRun[];
  /** Folders of runs that have no result yet. */
  readonly unfinished: readonly string[];
}

/** Run folders at or below a path, in the order of their names; what lies inside a run is its own. */
async function runFolders(path: string): Promise<RunFolder[]> {
  const folder = new RunFolder(path);
  if (await folder.readConfig()) return [folder];
  const entries = await readdir(path, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const below = await Promise.all(names.sort().map((name) => runFolders(join(path, name))));
  return below.flat();
}

/** The runs at or below the given folders. Throws FILE_NOT_READABLE, BAD_RUN, and NO_RUNS where none is finished. */
export async function gatherRuns(paths: readonly string[]): Promise<GatheredRuns> {
  const missing = paths.find((path) => !existsSync(path) || !statSync(path).isDirectory());
  if (missing !== undefined) {
    throw new WinnowError('FILE_NOT_READABLE', `There is no folder ${missing}.`, {
      hint: 'Give run folders, or folders around them.',
    });
  }
  const folders = (await Promise.all(paths.map(runFolders))).flat();
  const finished: FinishedRun[] = [];
  const unfinished: string[] = [];
  const seen = new Set<string>();
  for (const folder of folders) {
    if (seen.has(folder.path)) continue;
    seen.add(folder.path);
    const [config, result] = [await folder.readConfig(), await folder.readResult()];
    if (config && result) finished.push({ folder, config, result });
    else unfinished.push(folder.path);
  }
  if (finished.length === 0) {
    throw new WinnowError('NO_RUNS', `There is no finished run in ${paths.join(', ')}.`, {
      hint: 'Start one with `winnow run`; an unfinished one goes on with the same command.',
    });
  }
  return { finished, unfinished };
}
