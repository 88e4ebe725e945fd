import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RunFolder } from '@winnow/experiments';
import { type ComponentRegistry, isWinnowError } from '@winnow/plugin-api';
import { superfluous } from './keep-documents.ts';
import type { RunStanding } from './run-standing.ts';
import { settledRuns } from './settled-runs.ts';
import type { Kept } from './study-file.ts';

/** What is to go of a study's folder of runs. */
export interface Cleaning {
  /** Also runs that the study does not name, such as those of what it was before. */
  readonly others: boolean;
  /** Also runs that have failed. */
  readonly failed: boolean;
  readonly keep: readonly Kept[];
  /** Tells whose work may yet be taken. */
  readonly registry: ComponentRegistry;
}

/** A path of a run's folder, or of something in it, and the folder of the run. */
interface Superfluous {
  readonly path: string;
  readonly folder: RunFolder;
  /** Within the folder; the whole of it where there is none. */
  readonly place?: string;
}

/** Folders beside each other that hold runs, and nothing else: what cannot be read as one is none of ours. */
async function runsIn(path: string): Promise<RunFolder[]> {
  if (!existsSync(path)) return [];
  const entries = await readdir(path, { withFileTypes: true });
  const found: RunFolder[] = [];
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    const folder = new RunFolder(join(path, name));
    const config = await folder.readConfig().catch((error: unknown) => {
      if (isWinnowError(error)) return undefined;
      throw error;
    });
    if (config) found.push(folder);
  }
  return found;
}

/** What of runs that nobody works on is not wanted: of those that are done, what is not kept and nobody will take. */
export async function findSuperfluous(
  standings: readonly RunStanding[],
  runs: string,
  { others, failed, keep, registry }: Cleaning,
): Promise<readonly Superfluous[]> {
  const found: Superfluous[] = [];
  const whole = (folder: RunFolder) => found.push({ path: folder.path, folder });
  for (const { run, state } of standings) if (state === 'failed' && failed) whole(run.folder);
  for (const { folder } of await settledRuns(standings, registry))
    for (const place of await superfluous(folder, keep))
      found.push({ path: folder.file(place), folder, place });
  if (!others) return found;
  const named = new Set(standings.map(({ run }) => run.folder.path));
  for (const folder of await runsIn(runs))
    if (!named.has(folder.path) && !(await folder.store.worker())) whole(folder);
  return found;
}

/** Removes it. Throws RUN_IN_USE where somebody has begun to work on a run meanwhile. */
export async function removeSuperfluous(found: readonly Superfluous[]): Promise<void> {
  for (const { folder, place } of found) {
    if (place === undefined) {
      await folder.hold(() => Promise.resolve());
      await rm(folder.path, { recursive: true });
    } else await folder.hold(({ store }) => store.remove(place));
  }
}
