import {
  type RunStanding,
  type StudyRun,
  type WorkLeft,
  countStates,
  studyTable,
  tellStates,
} from '@winnow/studies';
import { terminalTable } from './terminal-table.ts';

/** Runs that failed, those for one reason together. */
function failureLines(failed: readonly RunStanding[]): string[] {
  const groups = new Map<string, RunStanding[]>();
  for (const one of failed) {
    const { reason } = one.failure!;
    groups.set(reason, [...(groups.get(reason) ?? []), one]);
  }
  return [...groups].map(([reason, runs]) => {
    const { name, folder } = runs[0]!.run;
    const who = runs.length === 1 ? name : `${name} and ${runs.length - 1} more`;
    return `${who} failed: ${reason} Log: ${folder.file('log.txt')}`;
  });
}

/** A study's runs by setting, counted, and why some have failed or are not taken. */
export function studyLines(found: readonly RunStanding[]): string[] {
  const failed = found.filter(({ state }) => state === 'failed');
  const other = found.filter(({ differs }) => Object.keys(differs).length > 0);
  const told = other.map(({ differs }) =>
    Object.entries(differs)
      .map(([what, value]) => `${what} ${value}`)
      .join(', '),
  );
  const differing = [...new Set(told)].map(
    (what) => `${told.filter((one) => one === what).length} made by ${what}`,
  );
  return [
    terminalTable(studyTable(found), { compact: true }),
    tellStates(found),
    ...differing,
    ...failureLines(failed),
  ];
}

const SHARED = [
  ['start', 'start point serves', 'start points serve'],
  ['ticket', 'search serves', 'searches serve'],
] as const;

/** "1 start point serves 4 runs" */
export function sharedLines({ runs, sharing, jobs }: WorkLeft<StudyRun>): string[] {
  return SHARED.flatMap(([until, one, several]) => {
    const leaders = new Set(jobs.filter((job) => job.until === until).map(({ run }) => run));
    if (leaders.size === 0) return [];
    const served = runs.filter((run) => {
      const { start, ticket, rounds } = sharing.get(run)!;
      const other = until === 'start' ? start : (ticket ?? rounds);
      return leaders.has(run) || (other && leaders.has(other));
    });
    return [`${leaders.size} ${leaders.size === 1 ? one : several} ${served.length} runs`];
  });
}

/** "3 jobs wait at slurm" */
export const jobsWait = (count: number, executor: string) =>
  `${count} ${count === 1 ? 'job waits' : 'jobs wait'} at ${executor}`;

/** The same for programs. */
export function studyJson(folder: string, found: readonly RunStanding[]) {
  const runs = found.map(({ run: { name, config }, state, failure, worker, differs }) => {
    const { method, objective, model, dataset, density, seed } = config;
    return {
      name,
      method: method.name,
      ...(objective && { objective: objective.name }),
      ...{ model: model.name, dataset: dataset.name, density, seed, state },
      ...(failure && { failure }),
      ...(worker && { worker: { host: worker.host, pid: worker.pid, since: worker.since } }),
      ...(Object.keys(differs).length > 0 && { differs }),
    };
  });
  return { folder, states: countStates(found), runs };
}
