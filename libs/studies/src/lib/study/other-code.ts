import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type RunConfig, RunFolder, firstDifference, onAnyBackend } from '@winnow/experiments';
import { isWinnowError } from '@winnow/plugin-api';
import { someAtATime } from '../execute/some-at-a-time.ts';
import type { StudyRun } from './plan-study.ts';

/** A run's name, but for the hash of what decides its numbers. */
const stemOf = (name: string) => name.replace(/[0-9a-f]{8}$/, '');

/** Which of these folders is a run, but for the code of its plugins. */
async function byOtherCode(
  { name: own, folder, config, ofBackend }: StudyRun,
  names: readonly string[],
) {
  const compared = (one: RunConfig) => (ofBackend ? one : onAnyBackend(one));
  const now = compared(config);
  const alike = names.filter((name) => name !== own && stemOf(name) === stemOf(own));
  for (const name of alike) {
    try {
      const found = await new RunFolder(join(dirname(folder.path), name)).readConfig();
      if (!found) continue;
      const there = compared(found);
      const [before, after] = [there, now].map((one) => ({ ...one, plugins: [] }));
      if (firstDifference(there, now) && !firstDifference(before!, after!)) return name;
    } catch (error) {
      if (!isWinnowError(error)) throw error;
    }
  }
  return undefined;
}

/** A line on those of a study's runs that are not begun, and are there by other code of their plugins; nothing of none. */
export async function tellOtherCode(fresh: readonly StudyRun[]): Promise<string[]> {
  if (fresh.length === 0) return [];
  const folder = dirname(fresh[0]!.folder.path);
  const names = await readdir(folder).catch(() => []);
  const found = await someAtATime(fresh, (one) => byOtherCode(one, names));
  const there = found.filter((name) => name !== undefined);
  if (there.length === 0) return [];
  const [are, them] = there.length === 1 ? ['run is', 'it'] : ['runs are', 'them'];
  return [
    `${there.length} ${are} in ${folder} as other code of a plugin made ${them}, such as ${there[0]!}; \`winnow study run\` makes ${them} anew.`,
  ];
}
