import { readFile } from 'node:fs/promises';
import { notReadable } from './not-readable.ts';
import { openRegular, readSmallRegular } from './open-regular.ts';

/** The bytes of a file that somebody named; it may be a pipe of theirs. Throws FILE_NOT_READABLE. */
export async function readWhole(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw notReadable(path, cause);
  }
}

/** There is no file of this name, or what is to be its folder is a file. */
const ABSENT: readonly unknown[] = ['ENOENT', 'ENOTDIR'];

/** The bytes of a file that nobody named, but that a folder may hold; undefined where there is none. Throws FILE_NOT_READABLE, of what is no regular file too. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    const small = readSmallRegular(path);
    if (small) return small;
    const file = await openRegular(path);
    try {
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (ABSENT.includes((cause as NodeJS.ErrnoException).code)) return undefined;
    throw notReadable(path, cause);
  }
}
