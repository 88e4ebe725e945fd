import { readFile } from 'node:fs/promises';
import { WinnowError, isWinnowError } from '@winnow/plugin-api';

/** A file's bytes. Throws FILE_NOT_READABLE. */
export async function readWhole(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new WinnowError('FILE_NOT_READABLE', `Cannot read ${path} (${reason}).`, { cause });
  }
}

/** There is no file of this name, or what is to be its folder is a file. */
const ABSENT: readonly unknown[] = ['ENOENT', 'ENOTDIR'];

/** A file's bytes; undefined where there is none. Throws FILE_NOT_READABLE. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readWhole(path);
  } catch (error) {
    const { code } = (isWinnowError(error) ? error.cause : {}) as { readonly code?: unknown };
    if (ABSENT.includes(code)) return undefined;
    throw error;
  }
}
