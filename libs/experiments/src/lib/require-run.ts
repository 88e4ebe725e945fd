import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
import type { RunConfig } from './run-config.ts';
import { RunFolder } from './run-folder.ts';

async function runsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const paths = names.toSorted().map((name) => join(folder, name));
  const configs = await Promise.all(
    paths.map((path) => new RunFolder(path).readConfig().catch(() => undefined)),
  );
  return paths.filter((_, i) => configs[i]);
}

async function whatToGive(path: string): Promise<string> {
  const runs = await runsIn(path);
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
    { hint: await whatToGive(path) },
  );
}
