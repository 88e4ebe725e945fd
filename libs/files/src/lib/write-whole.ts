import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { notWritable } from './not-writable.ts';

/**
 * Writes a file whole or not at all (temporary name, fsync, rename), making its folder first.
 * Throws FILE_NOT_WRITABLE.
 */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  // One name for each target, so that what a kill left behind is written over.
  const temporary = `${path}.partial`;
  try {
    await makeFolder(dirname(path));
    // Made anew, never opened: where it is a link, its target would be written over.
    await rm(temporary, { force: true });
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw notWritable(path, cause);
  }
}
