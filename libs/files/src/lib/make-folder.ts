import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those around it, and gives the outermost one that was made. Node's own `recursive` never ends where a
 * file system refuses folders as if what is around them were missing, as `/proc` does. Throws what the system says.
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  const missing: string[] = [];
  for (let folder = resolve(path); !existsSync(folder); folder = dirname(folder))
    missing.unshift(folder);
  let outermost: string | undefined;
  for (const folder of missing) {
    try {
      await mkdir(folder);
      outermost ??= folder;
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  // What is there and no folder is refused by the system itself.
  if (!(await stat(path)).isDirectory()) await mkdir(path);
  return outermost;
}
