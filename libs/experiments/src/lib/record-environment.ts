import type { RunEvent } from '@winnow/plugin-api';
import { engineInUse, installedVersions } from '@winnow/tensor-backend/node';
import type { Environment } from './environment.ts';
import type { Roads } from './roads.ts';
import type { RunConfig } from './run-config.ts';
import type { RunFolder } from './run-folder.ts';

function environmentNow({ backend, versions }: RunConfig): Environment {
  const instructions = engineInUse()?.instructions;
  const { tensorflow } = installedVersions(backend);
  return {
    backend,
    ...(instructions !== undefined && { instructions }),
    ...versions,
    ...(tensorflow !== undefined && { tensorflow }),
  };
}

/** What an environment calls the roads of a run. */
const ROADS = { search: 'searchRoad', train: 'trainingRoad', evaluate: 'evaluationRoad' } as const;

/** Of an environment, those that it has. */
const roadsIn = (environment: Environment): Environment =>
  Object.fromEntries(
    Object.values(ROADS).flatMap((name) => {
      const road = environment[name];
      return road === undefined ? [] : [[name, road]];
    }),
  );

/** Adds what makes the numbers from here on, unless it is what made the last ones. */
async function goOnWith(
  now: Environment,
  all: readonly Environment[],
  folder: RunFolder,
): Promise<RunEvent | undefined> {
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

/** Puts what makes the numbers from here on into the run's record; gives what is to be told where that was something else. */
export async function recordEnvironment(
  config: RunConfig,
  folder: RunFolder,
): Promise<RunEvent | undefined> {
  const all = await folder.readEnvironments();
  // By which roads it goes on is known when it comes to them.
  const roads = roadsIn(all.at(-1) ?? {});
  return goOnWith({ ...environmentNow(config), ...roads }, all, folder);
}

/** The same for the roads that are known when a phase begins; they belong to what was recorded last. */
export async function recordRoads(
  roads: Readonly<Partial<Roads>>,
  phase: 'search' | 'train',
  folder: RunFolder,
): Promise<RunEvent | undefined> {
  const all = await folder.readEnvironments();
  const last = all.at(-1)!;
  const taken = Object.entries(roads).map(
    ([part, { by }]) => [ROADS[part as keyof Roads], by] as const,
  );
  const now = { ...last, ...Object.fromEntries(taken) };
  const isFirst =
    taken.every(([name]) => last[name] === undefined) && (await folder.readTimings())[phase] === 0;
  if (!isFirst) return goOnWith(now, all, folder);
  await folder.writeEnvironments([...all.slice(0, -1), now]);
  return undefined;
}
