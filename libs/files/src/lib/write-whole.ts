import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
import writeFileAtomic from 'write-file-atomic';

/**
 * Writes a file whole or not at all (temporary name, fsync, rename), making its folder first.
 * Throws FILE_NOT_WRITABLE.
 */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(
      path,
      typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    );
  } catch (cause) {
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
