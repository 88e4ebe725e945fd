import { requireRun } from '@winnow/experiments';
import type { RecordedRun } from '../composition/load-plugins.ts';

/** The run that a command's first argument names. Throws NOT_A_RUN, BAD_RUN. */
export async function recordedRun(path: string): Promise<readonly RecordedRun[]> {
  return [await requireRun(path)];
}
