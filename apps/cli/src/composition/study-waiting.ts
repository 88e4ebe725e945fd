import type { Console } from '../terminal/console.ts';
import { eachAsked } from './each-asked.ts';
import { jobsWaiting } from './jobs-waiting.ts';
import type { OpenStudy } from './open-study.ts';

/** How many jobs of a study wait at an executor. */
export interface JobsAt {
  readonly executor: string;
  readonly jobs: number;
}

/** Where jobs of a study wait. Throws what the chosen executor does. */
export async function studyWaiting(
  { executors, runs }: OpenStudy,
  console: Console,
): Promise<JobsAt[]> {
  const found: JobsAt[] = [];
  await eachAsked(executors, console, async (one) => {
    const jobs = await jobsWaiting({ ...one, runs });
    if (jobs > 0) found.push({ executor: one.executor.name, jobs });
  });
  return found;
}

export const countWaiting = (waiting: readonly JobsAt[]) =>
  waiting.reduce((sum, { jobs }) => sum + jobs, 0);
