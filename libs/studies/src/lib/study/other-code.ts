import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RunFolder, firstDifference, onAnyBackend } from '@winnow/experiments';
import { isWinnowError } from '@winnow/plugin-api';
import { someAtATime } from '../execute/some-at-a-time.ts';
import type { RunStanding } from './run-standing.ts';

/** A run's name, but for the hash of what decides its numbers. */
const stemOf = (name: string) => name.replace(/[0-9a-f]{8}$/, '');

/** Which of these folders is a run, but for the code of its plugins. */
async function byOtherCode({ run }: RunStanding, names: readonly string[]) {
  const alike = names.filter((name) => name !== run.name && stemOf(name) === stemOf(run.name));
  const named = run.ofBackend ? (config: typeof run.config) => config : onAnyBackend;
  for (const name of alike) {
    try {
      const there = await new RunFolder(join(dirname(run.folder.path), name)).readConfig();
      const difference = there && firstDifference(named(there), named(run.config));
      if (difference?.path.startsWith('plugins')) return name;
    } catch (error) {
      if (!isWinnowError(error)) throw error;
    }
  }
  return undefined;
}

/** Of runs that are not begun, the names of those that are there by other code of their plugins. */
export async function runsOfOtherCode(found: readonly RunStanding[]): Promise<string[]> {
  const fresh = found.filter(({ state, run }) => state === 'new' && run.config.plugins.length > 0);
  if (fresh.length === 0) return [];
  const names = await readdir(dirname(fresh[0]!.run.folder.path)).catch(() => []);
  const there = await someAtATime(fresh, (one) => byOtherCode(one, names));
  return there.filter((name) => name !== undefined);
}
