import type { FreezeSetting } from '@winnow/experiments';
import type { RunProgressBar } from './run-progress-bar.ts';

/** A line of progress while `work` gathers statistics. */
export async function showFreezing<T>(
  bar: RunProgressBar | undefined,
  work: (onProgress: FreezeSetting['onProgress']) => Promise<T>,
): Promise<T> {
  try {
    return await work((progress) =>
      bar?.update({ ...progress, phase: 'freeze', epoch: 0, epochs: 1, values: {} }),
    );
  } finally {
    bar?.stop();
  }
}
