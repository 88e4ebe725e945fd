import { type FileHandle, open, readlink, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { notWritable } from './not-writable.ts';
import { NotRegular, kindOf } from './open-regular.ts';

/** One name for each target, so that what a kill left behind is written over; and one that no user gives a file. */
export const temporaryOf = (path: string) => `${path}.winnow.partial`;

async function openTemporary(path: string): Promise<FileHandle> {
  await makeFolder(dirname(path));
  // What it is renamed onto is gone: a pipe's reader would wait for ever, and a device is not ours to take away.
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile()) throw new NotRegular(kindOf(found));
  const target = await readlink(path).catch(() => '');
  if (target.startsWith('/proc/')) throw new NotRegular('a device');
  // Made anew, never opened: where it is a link, its target would be written over.
  await rm(temporaryOf(path), { force: true });
  return open(temporaryOf(path), 'wx');
}

/**
 * Throws FILE_NOT_WRITABLE where `writeWhole` would, before work that takes long; makes the file's folder, and leaves the file
 * as it is.
 */
export async function assertWritable(path: string): Promise<void> {
  try {
    await (await openTemporary(path)).close();
  } catch (cause) {
    throw notWritable(path, cause);
  } finally {
    await rm(temporaryOf(path), { force: true }).catch(() => {});
  }
}

/**
 * Writes a file whole or not at all (temporary name, fsync, rename), making its folder first.
 * Throws FILE_NOT_WRITABLE.
 */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = temporaryOf(path);
  try {
    const file = await openTemporary(path);
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
