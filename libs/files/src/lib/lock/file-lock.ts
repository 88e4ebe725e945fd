import { constants } from 'node:fs';
import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { NotRegular, openRegular } from '../open-regular.ts';
import { badLock, ownerIn } from './lock-document.ts';
import { type LockOwner, runs, thisProcess } from './lock-owner.ts';

/** How often an owner shows that it lives, and after what silence one on another machine counts as dead. */
export interface LockTiming {
  readonly beatMs: number;
  readonly staleMs: number;
}

/** A step of a large network on a slow backend takes minutes, in which nothing else is done. */
const USUAL: LockTiming = { beatMs: 20_000, staleMs: 300_000 };

export interface FileLock {
  readonly owner: LockOwner;
  /** Whether it is still this one's: who was silent for too long may have lost it. */
  held(): Promise<boolean>;
  release(): Promise<void>;
}

/** What lies in the place of a lock. */
interface Found {
  readonly text: string;
  readonly beatAtMs: number;
}

/** Who has a lock; undefined while that is being written, or where its writer was killed at it. */
interface Held {
  readonly owner: LockOwner | undefined;
}

/** Ten times what an owner takes. */
const MOST_BYTES = 4096;

const unless = (code: string) => (error: NodeJS.ErrnoException) => {
  if (error.code === code) return undefined;
  throw error;
};

/** Follows no link: a lock is made as a file. Throws BAD_LOCK where something else is in its place. */
async function look(path: string): Promise<Found | undefined> {
  const file = await openRegular(path, { follow: false }).catch((error: unknown) => {
    if (error instanceof NotRegular) throw badLock(path, `it is ${error.kind}`);
    return unless('ENOENT')(error as NodeJS.ErrnoException);
  });
  if (!file) return undefined;
  try {
    const { size, mtimeMs } = await file.stat();
    if (size > MOST_BYTES) throw badLock(path, `it has ${size} bytes`);
    return { text: await file.readFile('utf8'), beatAtMs: mtimeMs };
  } finally {
    await file.close();
  }
}

/** Whether the file was made now: the one operation that all file systems do for one of several at once. */
async function create(path: string, text: string): Promise<boolean> {
  const file = await open(path, 'wx').catch(unless('EEXIST'));
  if (!file) return false;
  try {
    await file.writeFile(text);
    return true;
  } catch (error) {
    // On a full disk: it would tell of nobody.
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** The time by the clock that files get theirs from, which on a shared folder is another machine's. */
async function timeOfFiles(probe: string): Promise<number> {
  await writeFile(probe, '');
  const { mtimeMs } = await stat(probe);
  await rm(probe, { force: true });
  return mtimeMs;
}

/** Waits for a sign of life of an owner whose process cannot be seen: whether there was one before its silence was too long. */
async function livesOn(path: string, found: Found, probe: string, timing: LockTiming) {
  for (;;) {
    const now = await look(path);
    if (now?.text !== found.text || now.beatAtMs !== found.beatAtMs) return true;
    if ((await timeOfFiles(probe)) - now.beatAtMs > timing.staleMs) return false;
    await sleep(timing.beatMs / 20);
  }
}

/** Takes the lock, or says who has it. */
async function take(path: string, own: LockOwner, timing: LockTiming): Promise<Held | undefined> {
  const text = JSON.stringify(own);
  for (;;) {
    if (await create(path, text)) return undefined;
    const found = await look(path);
    if (!found) continue;
    const owner = ownerIn(found.text, path);
    const runsHere = owner && (await runs(owner, own));
    if (runsHere ?? (await livesOn(path, found, `${path}.${own.token}`, timing))) return { owner };
    // One alone may put itself in a dead owner's place: whoever holds the lock that is named after it.
    const succession = `${path}.${owner?.token ?? 'torn'}.next`;
    const other = await take(succession, own, timing);
    if (other) return other;
    try {
      if ((await look(path))?.text !== found.text) continue;
      const temporary = `${path}.${own.token}`;
      await writeFile(temporary, text, { flag: 'wx' });
      await rename(temporary, path);
      return undefined;
    } finally {
      await rm(succession, { force: true });
    }
  }
}

/**
 * Who holds a lock, as it looks from here and now: nobody where that process has ended or, on another machine, was silent
 * for too long by the clock here. For telling people; to take it is the only way to know. Throws BAD_LOCK.
 */
export async function lockHolder(path: string, timing = USUAL): Promise<LockOwner | undefined> {
  const found = await look(path);
  const owner = found && ownerIn(found.text, path);
  if (!owner) return undefined;
  const runsHere = await runs(owner, await thisProcess());
  return (runsHere ?? Date.now() - found.beatAtMs < timing.staleMs) ? owner : undefined;
}

/** Writes what is there once more, so that the file is as new as this; nothing where another one has the place. */
async function beat(path: string, text: string): Promise<void> {
  const file = await openRegular(path, { access: constants.O_RDWR, follow: false });
  try {
    if ((await file.readFile('utf8')) === text) await file.write(text, 0);
  } finally {
    await file.close();
  }
}

/**
 * Takes the lock that a file of this name is, in a folder that exists; gives who holds it where it is not to be had. The
 * file says who the owner is, and is written anew while the process lives. An owner that is dead loses it: on this machine
 * by its process, on another one by its silence, which is waited for. Throws BAD_LOCK where what lies there is no lock, and
 * what the file system does.
 */
export async function takeFileLock(
  path: string,
  timing: LockTiming = USUAL,
): Promise<{ readonly lock: FileLock } | { readonly heldBy: LockOwner | undefined }> {
  const owner = await thisProcess();
  const other = await take(path, owner, timing);
  if (other) return { heldBy: other.owner };
  const text = JSON.stringify(owner);
  // A beat that fails is made up for by the next.
  const timer = setInterval(() => void beat(path, text).catch(() => {}), timing.beatMs);
  timer.unref();
  const held = async () => (await look(path))?.text === text;
  return {
    lock: {
      owner,
      held,
      async release() {
        clearInterval(timer);
        if (await held()) await rm(path, { force: true });
      },
    },
  };
}
