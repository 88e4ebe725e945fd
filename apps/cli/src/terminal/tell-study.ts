import { type RunStanding, countStates, studyTable, tellStates } from '@winnow/studies';
import { terminalTable } from './terminal-table.ts';

/** A study's runs by setting, counted, and why some have failed or are not taken. */
export function studyLines(found: readonly RunStanding[]): string[] {
  const failed = found.flatMap(({ run, state, failure }) =>
    state === 'failed'
      ? [`${run.name} failed: ${failure!.reason} Log: ${run.folder.file('log.txt')}`]
      : [],
  );
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
    ...failed,
  ];
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
