import type { StudyListener } from '@winnow/studies';
import type { Output } from './console.ts';
import { ManyRunsBar } from './many-runs-bar.ts';

/** A line of progress over many runs while `work` is done; nothing where it is to be quiet. */
export async function showStudy<T>(
  output: Output,
  quiet: boolean | undefined,
  work: (onEvent: StudyListener) => Promise<T>,
): Promise<T> {
  if (quiet) return work(() => {});
  const bar = new ManyRunsBar(output);
  try {
    return await work((event) => bar.on(event));
  } finally {
    bar.stop();
  }
}
