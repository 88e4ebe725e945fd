import { resolve } from 'node:path';
import type { OpenStudy } from './open-study.ts';

/** How many jobs of a study wait at an executor that they outlive this process with. Throws what that does. */
export async function jobsWaiting({
  executor,
  options,
  state,
  runs,
}: Pick<OpenStudy, 'executor' | 'options' | 'state' | 'runs'>): Promise<number> {
  const handed = (await executor.underWay?.({ state }, options)) ?? [];
  const places = new Set(runs.map(({ folder }) => resolve(folder.path)));
  return handed.filter((job) => job.state === 'waiting' && places.has(job.folder)).length;
}
