import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';

/** What a run is called: its folder, also where that is given as `.`. */
export const nameOf = (place: string) => basename(resolve(place));

/** Throws INVALID_OPTION where a run has no folder, being kept in memory: by its place alone it is not told from another. */
export async function assertFolder(place: string, observer: string): Promise<void> {
  const found = await stat(place).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new WinnowError(
    'INVALID_OPTION',
    `Observer "${observer}" goes by the run's folder, and there is none at ${place}.`,
    { hint: 'Keep the run in a folder, or let an observer watch that needs none.' },
  );
}
