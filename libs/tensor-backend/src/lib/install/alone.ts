import { rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, whileLocked } from '@winnow/files/disk';
import { WinnowError } from '@winnow/plugin-api';
import { backendFolder } from '../backends/installed-packages.ts';

/** Folders that an install makes around that of a backend, the inner one first; one that the user named may be among others. */
function around(name: string): string[] {
  const root = dirname(backendFolder(name));
  return process.env['WINNOW_BACKENDS'] ? [root] : [root, dirname(root)];
}

/**
 * Does what nobody else may do with a backend's folder meanwhile, and leaves no empty folder around it. Throws
 * INSTALL_RUNNING, BAD_LOCK, and what the file system does.
 */
export async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  const [root, ...further] = around(name);
  const place = join(root!, `.${name}.lock`);
  await makeFolder(root!);
  const running = (who: string) =>
    new WinnowError(
      'INSTALL_RUNNING',
      `Backend "${name}" is being installed or removed already${who}.`,
      {
        hint: `Wait until that is over; if there is no such process any more, remove ${place}.`,
      },
    );
  let isOurs = false;
  try {
    return await whileLocked(place, running, () => {
      isOurs = true;
      return work();
    });
  } finally {
    // What is not empty stays.
    if (isOurs) for (const folder of [root!, ...further]) await rmdir(folder).catch(() => {});
  }
}
