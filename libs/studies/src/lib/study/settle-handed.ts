import { resolve } from 'node:path';
import { keepFailure } from '../execute/run-failure.ts';
import type { StudyRun } from './plan-study.ts';
import type { StudyExecutor } from './study-executors.ts';

/** Has runs know why they have failed at an executor that nobody followed. Throws what that does. */
export async function settleHanded(
  runs: readonly StudyRun[],
  { executor, options, state }: StudyExecutor,
): Promise<void> {
  const folders = new Map(runs.map(({ folder }) => [resolve(folder.path), folder]));
  await executor.settle?.(
    { state },
    async ({ folder: path }, end) => {
      const folder = folders.get(path);
      if (folder) await keepFailure(folder, end);
    },
    options,
  );
}
