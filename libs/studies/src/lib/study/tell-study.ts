import type { ReportTable } from '@winnow/report';
import { tellRunsApart } from '../results/tell-runs-apart.ts';
import { worldOf } from '../results/world-results.ts';
import type { StudyRun } from './plan-study.ts';
import type { RunStanding } from './run-standing.ts';

type StudyState = RunStanding['state'];

const STATES = ['done', 'running', 'begun', 'failed', 'unreadable', 'new'] as const;

/** Runs by state, those of none left out. */
export function countStates(
  standings: readonly RunStanding[],
): Partial<Record<StudyState, number>> {
  const counted = STATES.map(
    (state) => [state, standings.filter((one) => one.state === state).length] as const,
  );
  return Object.fromEntries(counted.filter(([, count]) => count > 0));
}

/** "27 runs: 3 done, 24 new" */
export function tellStates(standings: readonly RunStanding[]): string {
  const counts = countStates(standings);
  const told = STATES.flatMap((state) =>
    counts[state] === undefined ? [] : [`${counts[state]} ${state}`],
  );
  return `${standings.length} ${standings.length === 1 ? 'run' : 'runs'}: ${told.join(', ')}`;
}

/** A line each of runs that cannot be read. */
export const tellUnreadable = (standings: readonly RunStanding[]): string[] =>
  standings.flatMap(({ run, state, failure }) =>
    state === 'unreadable' ? [`${run.name} cannot be read: ${failure!.reason}`] : [],
  );

/** A name for each run as in reports, with the network and the data set where there are several. */
function labelsOf(runs: readonly StudyRun[]): ReadonlyMap<StudyRun, string> {
  const worlds = new Set(runs.map(worldOf));
  const labels = new Map<StudyRun, string>();
  for (const world of worlds) {
    const own = runs.filter((run) => worldOf(run) === world);
    for (const [i, label] of tellRunsApart(own).entries())
      labels.set(own[i]!, worlds.size > 1 ? `${label}, ${world}` : label);
  }
  return labels;
}

/** A row a setting, its runs counted by state. */
export function studyTable(standings: readonly RunStanding[]): ReportTable {
  const labels = labelsOf(standings.map(({ run }) => run));
  const rows = new Map<string, RunStanding[]>();
  for (const one of standings) {
    const key = JSON.stringify([labels.get(one.run), one.run.config.density]);
    rows.set(key, [...(rows.get(key) ?? []), one]);
  }
  return {
    columns: ['method', 'density', 'seeds', 'state'],
    rows: [...rows].map(([key, runs]) => {
      const [label, density] = JSON.parse(key) as [string, number];
      const seeds = runs.map(({ run }) => run.config.seed).join(', ');
      return [label, String(density), seeds, tellStates(runs).replace(/^[^:]*: /, '')];
    }),
  };
}
