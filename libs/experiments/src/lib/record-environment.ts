import type { RunEvent } from '@winnow/plugin-api';
import { engineInUse } from '@winnow/tensor-backend/node';
import type { Environment } from './environment.ts';
import type { RunConfig } from './run-config.ts';
import type { RunFolder } from './run-folder.ts';

function environmentNow({ backend, versions }: RunConfig): Environment {
  const instructions = engineInUse()?.instructions;
  return { backend, ...(instructions !== undefined && { instructions }), ...versions };
}

/** Puts what makes the numbers from here on into the run's record; gives what is to be told where that was something else. */
export async function recordEnvironment(
  config: RunConfig,
  folder: RunFolder,
): Promise<RunEvent | undefined> {
  const now = environmentNow(config);
  const all = await folder.readEnvironments();
  const before = all.at(-1);
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(now)])];
  const changed = names.filter((name) => before?.[name] !== now[name]);
  if (changed.length === 0) return undefined;
  await folder.writeEnvironments([...all, now]);
  if (!before) return undefined;
  const changes = changed.map((name) => ({
    name,
    before: before[name] ?? 'none',
    now: now[name] ?? 'none',
  }));
  return { type: 'environment', changes };
}
