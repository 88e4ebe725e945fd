import type { FreezeSetting } from '@winnow/experiments';
import type { Clock } from '@winnow/plugin-api';
import type { Output } from './console.ts';
import { RunProgressBar } from './run-progress-bar.ts';

/** A line of progress while `work` gathers statistics. */
export async function showFreezing<T>(
  output: Output,
  clock: Clock,
  work: (onProgress: FreezeSetting['onProgress']) => Promise<T>,
): Promise<T> {
  const bar = new RunProgressBar(output, clock);
  try {
    return await work((progress) =>
      bar.update({ ...progress, phase: 'freeze', epoch: 0, epochs: 1, values: {} }),
    );
  } finally {
    bar.stop();
  }
}
