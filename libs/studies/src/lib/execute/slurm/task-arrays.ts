import type { RunJob } from '@winnow/plugin-api';

/** Jobs that are handed over together, once those of earlier arrays are over that any of them waits for. */
export interface TaskArray {
  readonly jobs: readonly RunJob[];
  readonly after: readonly TaskArray[];
}

/**
 * Jobs in as few arrays as their order allows, of so many tasks at most. Those that others wait for stand apart, so that
 * nobody waits for longer than needed. What is not among the jobs is over.
 */
export function taskArrays(jobs: readonly RunJob[], mostTasks: number): TaskArray[] {
  const among = new Set(jobs);
  const awaited = new Set(jobs.flatMap(({ after }) => after));
  const levels = new Map<RunJob, number>();
  const groups = new Map<string, RunJob[]>();
  for (const job of jobs) {
    const before = job.after.filter((other) => among.has(other));
    const level = 1 + Math.max(-1, ...before.map((other) => levels.get(other)!));
    levels.set(job, level);
    const key = `${level} ${awaited.has(job) ? 'awaited' : 'last'}`;
    groups.set(key, [...(groups.get(key) ?? []), job]);
  }
  const arrays: TaskArray[] = [];
  const arrayOf = new Map<RunJob, TaskArray>();
  const ofLevel = (one: readonly RunJob[]) => levels.get(one[0]!)!;
  for (const group of [...groups.values()].sort((a, b) => ofLevel(a) - ofLevel(b)))
    for (let from = 0; from < group.length; from += mostTasks) {
      const some = group.slice(from, from + mostTasks);
      const before = some.flatMap(({ after }) => after.map((other) => arrayOf.get(other)));
      const array = { jobs: some, after: [...new Set(before)].filter((one) => one !== undefined) };
      for (const job of some) arrayOf.set(job, array);
      arrays.push(array);
    }
  return arrays;
}
