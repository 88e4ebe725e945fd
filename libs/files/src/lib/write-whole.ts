import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';

/**
 * Writes a file whole or not at all (temporary name, fsync, rename), making its folder first.
 * Throws FILE_NOT_WRITABLE.
 */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  // One name for each target, so that what a kill left behind is written over.
  const temporary = `${path}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw new WinnowError(
      'FILE_NOT_WRITABLE',
      `Cannot write ${path} (${(cause as Error).message}).`,
      {
        hint: 'Choose a folder that you may write to.',
        cause,
      },
    );
  }
}
