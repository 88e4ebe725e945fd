import type { RunLock, RunWorker } from './run-lock.ts';

/**
 * Where a run is kept: bytes by name, each whole or absent. Names are relative, with `/` between folders, which come and go
 * with what they hold. A disk's throws FILE_NOT_READABLE and FILE_NOT_WRITABLE.
 */
export interface RunStore {
  /** Where a name lies, or the whole store, as errors and commands tell it; on a disk a path. */
  place(name?: string): string;
  has(name: string): Promise<boolean>;
  /** A copy. */
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, data: string | Uint8Array): Promise<void>;
  /** Has what another store has under this name, unchanged: as one file of both where the file system can. */
  link(name: string, from: RunStore): Promise<void>;
  /** Adds to what is there, if anything; whoever is stopped at it may leave a part of `text`. */
  append(name: string, text: string): Promise<void>;
  /** What has this name, and what lies below it. */
  remove(name: string): Promise<void>;
  /** Names of what lies in a folder, and in none below it, in alphabetical order. */
  list(folder: string): Promise<string[]>;
  /** Takes the right to write here, on a disk from all processes on all machines that share it. Throws RUN_IN_USE, BAD_LOCK, FILE_NOT_WRITABLE. */
  lock(): Promise<RunLock>;
  /** Who has that right, as far as can be seen from here without waiting. Throws BAD_LOCK. */
  worker(): Promise<RunWorker | undefined>;
  /** The store of a folder of this one, such as `checks/shuffle`, or of one around it: `../..`. */
  at(folder: string): RunStore;
}
