import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RunFolder, firstDifference, onAnyBackend } from '@winnow/experiments';
import { isWinnowError } from '@winnow/plugin-api';
import { someAtATime } from '../execute/some-at-a-time.ts';
import type { StudyRun } from './plan-study.ts';

/** A run's name, but for the hash of what decides its numbers. */
const stemOf = (name: string) => name.replace(/[0-9a-f]{8}$/, '');

/** Which of these folders is a run, but for the code of its plugins. */
async function byOtherCode(run: StudyRun, names: readonly string[]) {
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

/** A line on those of a study's runs that are not begun, and are there by other code of their plugins; nothing of none. */
export async function tellOtherCode(fresh: readonly StudyRun[]): Promise<string[]> {
  const made = fresh.filter(({ config }) => config.plugins.length > 0);
  if (made.length === 0) return [];
  const folder = dirname(made[0]!.folder.path);
  const names = await readdir(folder).catch(() => []);
  const there = await someAtATime(made, (one) => byOtherCode(one, names));
  const [old, ...others] = there.filter((name) => name !== undefined);
  if (old === undefined) return [];
  return [
    `by other code of plugins, ${folder} has ${others.length + 1} of the new runs, such as ${old}; by this code each begins anew.`,
  ];
}
