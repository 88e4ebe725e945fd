import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import { whileLocked } from './lock/while-locked.ts';
import { makeFolder } from './make-folder.ts';
import { notWritable } from './not-writable.ts';
import { TEMPORARY, writeWhole } from './write-whole.ts';

type Files = ReadonlyMap<string, Uint8Array>;

async function replace(target: string, files: Files, ours: (name: string) => boolean) {
  // One name for each target, so that what a kill left behind is written over.
  const temporary = `${target}${TEMPORARY}`;
  const replaced = `${target}.winnow.replaced`;
  try {
    const there = existsSync(target) ? await readdir(target) : [];
    const foreign = there.find((name) => !ours(name));
    if (foreign !== undefined) throw new Error(`it holds ${foreign}, which would be lost`);
    await rm(temporary, { recursive: true, force: true });
    for (const [name, bytes] of files) await writeWhole(join(temporary, name), bytes);
    await rm(replaced, { recursive: true, force: true });
    if (existsSync(target)) await rename(target, replaced);
    await rename(temporary, target);
    await rm(replaced, { recursive: true, force: true });
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    if (!existsSync(target)) await rename(replaced, target).catch(() => {});
    throw cause;
  }
}

/**
 * Writes a folder of files whole or not at all (temporary name, rename), in place of one of the same kind. Throws
 * FILE_NOT_WRITABLE, also where the folder there holds a file that is not `ours`, which would be lost, or is being written.
 */
export async function writeFolderWhole(
  path: string,
  files: Files,
  ours: (name: string) => boolean,
): Promise<void> {
  const target = resolve(path);
  const refused = (cause: unknown) => notWritable(`the folder ${path}`, cause);
  const taken = (who: string) =>
    new WinnowError('FILE_NOT_WRITABLE', `The folder ${path} is being written${who}.`, {
      hint: 'Wait until that is over, or give another place.',
    });
  try {
    await makeFolder(dirname(target));
    await whileLocked(`${target}.winnow.lock`, taken, () =>
      replace(target, files, ours).catch((cause: unknown) => {
        throw refused(cause);
      }),
    );
  } catch (cause) {
    throw isWinnowError(cause) ? cause : refused(cause);
  }
}
