import { join } from 'node:path/posix';
import { type RunWorker, inUse } from './run-lock.ts';
import type { RunStore } from './run-store.ts';

const bytesOf = (data: string | Uint8Array) =>
  typeof data === 'string' ? new TextEncoder().encode(data) : data.slice();

/** What is locked in each store: in this process, where all of it is. */
const locked = new WeakMap<ReadonlyMap<string, Uint8Array>, Map<string, RunWorker>>();

/**
 * A run in memory: for tests, and for runs that nobody keeps. `files` holds it, and may be looked at and copied; `path` is what
 * its files are told by; the default is none that is taken for a folder's.
 */
export function memoryRunStore(files = new Map<string, Uint8Array>(), path = 'memory:'): RunStore {
  const place = (name = '') => join(path, name);
  return {
    place: (name) => place(name),
    has: (name) => Promise.resolve(files.has(place(name))),
    read: (name) => Promise.resolve(files.get(place(name))?.slice()),
    write(name, data) {
      files.set(place(name), bytesOf(data));
      return Promise.resolve();
    },
    async link(name, from) {
      files.set(place(name), (await from.read(name))!);
    },
    append(name, text) {
      const [before, added] = [files.get(place(name)) ?? new Uint8Array(), bytesOf(text)];
      const all = new Uint8Array(before.length + added.length);
      all.set(before);
      all.set(added, before.length);
      files.set(place(name), all);
      return Promise.resolve();
    },
    remove(name) {
      for (const key of files.keys())
        if (key === place(name) || key.startsWith(`${place(name)}/`)) files.delete(key);
      return Promise.resolve();
    },
    list(folder) {
      const prefix = `${place(folder)}/`;
      const names = [...files.keys()]
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length));
      return Promise.resolve(names.filter((name) => !name.includes('/')).sort());
    },
    lock() {
      const locks = locked.get(files) ?? new Map<string, RunWorker>();
      locked.set(files, locks);
      if (locks.has(path)) return Promise.reject(inUse(path));
      const own = { host: 'here', pid: process.pid, since: new Date().toISOString() };
      locks.set(path, own);
      return Promise.resolve({
        assertHeld: () => Promise.resolve(),
        release() {
          if (locks.get(path) === own) locks.delete(path);
          return Promise.resolve();
        },
      });
    },
    worker: () => Promise.resolve(locked.get(files)?.get(path)),
    at: (folder) => memoryRunStore(files, place(folder)),
  };
}
