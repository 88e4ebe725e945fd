import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
import { writeWhole } from './write-whole.ts';

/**
 * Writes a folder of files whole or not at all (temporary name, rename), in place of one of the same kind. Throws
 * FILE_NOT_WRITABLE, also where the folder there holds a file that is not `ours`, which would be lost.
 */
export async function writeFolderWhole(
  path: string,
  files: ReadonlyMap<string, Uint8Array>,
  ours: (name: string) => boolean,
): Promise<void> {
  const temporary = `${path}.partial`;
  try {
    const there = existsSync(path) ? await readdir(path) : [];
    const foreign = there.find((name) => !ours(name));
    if (foreign !== undefined) throw new Error(`it holds ${foreign}, which would be lost`);
    await rm(temporary, { recursive: true, force: true });
    await mkdir(dirname(path), { recursive: true });
    for (const [name, bytes] of files) await writeWhole(join(temporary, name), bytes);
    await rm(path, { recursive: true, force: true });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw new WinnowError(
      'FILE_NOT_WRITABLE',
      `Cannot write the folder ${path} (${(cause as Error).message}).`,
      { hint: 'Choose a folder of its own that you may write to.', cause },
    );
  }
}
