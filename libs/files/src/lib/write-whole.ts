import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, readlink, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { notWritable } from './not-writable.ts';
import { NotRegular, kindOf } from './open-regular.ts';

/** No user gives a file such an end. */
export const TEMPORARY = '.winnow.partial';

/** Of one write alone: several processes may write a file at once, and the last of them has it. */
const temporaryOf = (path: string) => `${path}.${randomBytes(6).toString('hex')}${TEMPORARY}`;

/** What is being written is not as old: a kill left it behind. */
const LEFT_BEHIND_MS = 3_600_000;

async function removeLeftBehind(path: string): Promise<void> {
  const folder = dirname(path);
  const left = (await readdir(folder)).filter(
    (name) => name.startsWith(`${basename(path)}.`) && name.endsWith(TEMPORARY),
  );
  for (const name of left) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > LEFT_BEHIND_MS)
      await rm(join(folder, name), { force: true });
  }
}

/** Makes it anew: where a link were opened, its target would be written over. */
async function openTemporary(path: string, temporary: string): Promise<FileHandle> {
  await makeFolder(dirname(path));
  // What it is renamed onto is gone: a pipe's reader would wait for ever, and a device is not ours to take away.
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile()) throw new NotRegular(kindOf(found));
  const target = await readlink(path).catch(() => '');
  if (target.startsWith('/proc/')) throw new NotRegular('a device');
  await removeLeftBehind(path).catch(() => {});
  return open(temporary, 'wx');
}

/**
 * Throws FILE_NOT_WRITABLE where `writeWhole` would, before work that takes long; makes the file's folder, and leaves the file
 * as it is.
 */
export async function assertWritable(path: string): Promise<void> {
  const temporary = temporaryOf(path);
  try {
    await (await openTemporary(path, temporary)).close();
  } catch (cause) {
    throw notWritable(path, cause);
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/**
 * Writes a file whole or not at all (temporary name, fsync, rename), making its folder first.
 * Throws FILE_NOT_WRITABLE.
 */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = temporaryOf(path);
  try {
    const file = await openTemporary(path, temporary);
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
