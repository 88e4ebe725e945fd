import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { notWritable } from './not-writable.ts';
import { TEMPORARY, writeWhole } from './write-whole.ts';

/**
 * Writes a folder of files whole or not at all (temporary name, rename), in place of one of the same kind. Throws
 * FILE_NOT_WRITABLE, also where the folder there holds a file that is not `ours`, which would be lost.
 */
export async function writeFolderWhole(
  path: string,
  files: ReadonlyMap<string, Uint8Array>,
  ours: (name: string) => boolean,
): Promise<void> {
  const target = resolve(path);
  // One name for each target, so that what a kill left behind is written over.
  const temporary = `${target}${TEMPORARY}`;
  const replaced = `${target}.winnow.replaced`;
  try {
    const there = existsSync(target) ? await readdir(target) : [];
    const foreign = there.find((name) => !ours(name));
    if (foreign !== undefined) throw new Error(`it holds ${foreign}, which would be lost`);
    await rm(temporary, { recursive: true, force: true });
    await makeFolder(dirname(target));
    for (const [name, bytes] of files) await writeWhole(join(temporary, name), bytes);
    await rm(replaced, { recursive: true, force: true });
    if (existsSync(target)) await rename(target, replaced);
    await rename(temporary, target);
    await rm(replaced, { recursive: true, force: true });
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    if (!existsSync(target)) await rename(replaced, target).catch(() => {});
    throw notWritable(`the folder ${path}`, cause);
  }
}
