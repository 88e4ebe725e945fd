import { resolve } from 'node:path';
import type { RunConfig, RunFolder } from '@winnow/experiments';

/** One of many runs: what it is, and where it is kept. */
export interface NamedRun {
  /** For progress and errors. */
  readonly name: string;
  readonly folder: RunFolder;
  readonly config: RunConfig;
}

/** Each folder's run once, however its path is written: two processes must not work in one folder. */
export function distinctFolders(runs: readonly NamedRun[]): NamedRun[] {
  const byFolder = new Map<string, NamedRun>();
  for (const run of runs) {
    const path = resolve(run.folder.path);
    if (!byFolder.has(path)) byFolder.set(path, run);
  }
  return [...byFolder.values()];
}
