import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
import type { RunConfig } from './run-config.ts';
import { RunFolder } from './run-folder.ts';

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
    { hint: 'Give the folder that `winnow run` wrote.' },
  );
}
