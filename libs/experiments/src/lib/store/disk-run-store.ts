import { existsSync } from 'node:fs';
import { appendFile, link, readdir, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  lockHolder,
  makeFolder,
  notReadable,
  notWritable,
  readIfThere,
  takeFileLock,
  writeWhole,
} from '@winnow/files/disk';
import { isWinnowError } from '@winnow/plugin-api';
import { type RunLock, inUse } from './run-lock.ts';
import type { RunStore } from './run-store.ts';

const LOCK = 'run.lock';

/** Throws RUN_IN_USE, BAD_LOCK, FILE_NOT_WRITABLE. */
async function lockFolder(path: string): Promise<RunLock> {
  const place = join(path, LOCK);
  try {
    await makeFolder(path);
    const taken = await takeFileLock(place);
    if ('heldBy' in taken) throw inUse(path, taken.heldBy, place);
    const { lock } = taken;
    return {
      async assertHeld() {
        if (!(await lock.held())) throw inUse(path, undefined, place);
      },
      release: () => lock.release(),
    };
  } catch (cause) {
    if (isWinnowError(cause)) throw cause;
    throw notWritable(place, cause);
  }
}

/** A run in a folder. */
export function diskRunStore(path: string): RunStore {
  const place = (name = '') => join(path, name);
  return {
    place: (name) => (name === undefined ? path : place(name)),
    has: (name) =>
      stat(place(name)).then(
        (found) => found.isFile(),
        () => false,
      ),
    read: (name) => readIfThere(place(name)),
    write: (name, data) => writeWhole(place(name), data),
    async link(name, from) {
      await rm(place(name), { force: true });
      // Of a link its target, as it would lead elsewhere from here.
      await realpath(from.place(name))
        .then((real) => link(real, place(name)))
        .catch(async () => {
          // Not from elsewhere, nor where the file system has no hard links.
          await writeWhole(place(name), (await from.read(name))!);
        });
    },
    async append(name, text) {
      try {
        await makeFolder(dirname(place(name)));
        await appendFile(place(name), text);
      } catch (cause) {
        throw notWritable(place(name), cause);
      }
    },
    async remove(name) {
      try {
        await rm(place(name), { recursive: true, force: true });
      } catch (cause) {
        throw notWritable(place(name), cause);
      }
    },
    async list(folder) {
      if (!existsSync(place(folder))) return [];
      const entries = await readdir(place(folder), { withFileTypes: true }).catch(
        (cause: unknown) => {
          throw notReadable(place(folder), cause);
        },
      );
      return entries
        .filter((entry) => !entry.isDirectory() && !entry.name.endsWith('.partial'))
        .map(({ name }) => name)
        .sort();
    },
    lock: () => lockFolder(path),
    worker: () => lockHolder(place(LOCK)),
    at: (folder) => diskRunStore(place(folder)),
  };
}
