import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
import type { RunConfig } from './run-config.ts';
import { RunFolder } from './run-folder.ts';

async function whatToGive(folder: string): Promise<string> {
  const entries = existsSync(folder) ? await readdir(folder) : [];
  const runs = entries
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(path, 'config.json')))
    .toSorted();
  if (runs.length === 0) return 'Give the folder that `winnow run` wrote.';
  return runs.length === 1
    ? `Give the run in it, ${runs[0]!}.`
    : `Give one of the ${runs.length} runs in it, such as ${runs[0]!}.`;
}

/** The run of a folder, or of a file in it such as its ticket. Throws NOT_A_RUN, BAD_RUN. */
export async function requireRun(
  path: string,
): Promise<{ readonly folder: RunFolder; readonly config: RunConfig }> {
  const isFile = existsSync(path) && statSync(path).isFile();
  const folder = new RunFolder(isFile ? dirname(path) : path);
  const config = await folder.readConfig();
  if (config) return { folder, config };
  throw new WinnowError(
    'NOT_A_RUN',
    isFile
      ? `${path} lies in no run folder, so nothing says on what and how it is trained.`
      : `There is no run in ${path}.`,
    { hint: await whatToGive(folder.path) },
  );
}
