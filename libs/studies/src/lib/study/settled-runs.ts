import type { ComponentRegistry } from '@winnow/plugin-api';
import { someAtATime } from '../execute/some-at-a-time.ts';
import { type Given, givenBy, sharedRuns } from '../share/shared-runs.ts';
import type { StudyRun } from './plan-study.ts';
import { type RunStanding, isLeftOut } from './run-standing.ts';

const isDone = ({ state }: RunStanding) => state === 'done';

/** Runs that are done, and from which nobody who is not will take anything more. */
export async function settledRuns(
  found: readonly RunStanding[],
  registry: ComponentRegistry,
): Promise<StudyRun[]> {
  const given = new Map<StudyRun, Given>();
  await someAtATime(found, async (one) => {
    given.set(one.run, await givenBy(one.run.folder, isDone(one)));
  });
  const wanted = new Set<StudyRun>();
  // As `study run` would go on, and as it would be with those that failed, which change who is first.
  for (const tried of [found.filter((one) => !isLeftOut(one)), found]) {
    const runs = tried.map(({ run }) => run);
    const sharing = sharedRuns(runs, given, registry);
    for (const one of tried.filter((other) => !isDone(other)))
      for (const other of Object.values(sharing.get(one.run)!) as StudyRun[]) wanted.add(other);
  }
  return found.flatMap((one) => (isDone(one) && !wanted.has(one.run) ? [one.run] : []));
}
