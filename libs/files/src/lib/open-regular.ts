import { type Stats, closeSync, constants, openSync, readFileSync, statSync } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';

export function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isSymbolicLink()) return 'a link';
  if (found.isFIFO()) return 'a pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}

/** What has the name of a file that is to be opened, and is none: "a pipe". */
export class NotRegular extends Error {
  readonly kind: string;

  constructor(kind: string) {
    super(`it is ${kind}, and no regular file`);
    this.kind = kind;
  }
}

// For where another one has its place by now; Windows knows neither.
const { O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants as Partial<typeof constants>;

/** Waiting for each operation costs several times what it does, which tells where thousands of runs are looked at. */
const SMALL_BYTES = 2 ** 16;

/** The bytes of a file as `openRegular` opens it, where it is small. Throws as that does. */
export function readSmallRegular(path: string): Uint8Array | undefined {
  const found = statSync(path);
  if (!found.isFile()) throw new NotRegular(kindOf(found));
  if (found.size > SMALL_BYTES) return undefined;
  const file = openSync(path, constants.O_RDONLY | O_NONBLOCK);
  try {
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Opens a file that others may have put there. What is none is not opened: a pipe would be waited for without end. Throws
 * NotRegular, of a link too unless it is followed, and what the file system does.
 */
export async function openRegular(
  path: string,
  { access = constants.O_RDONLY, follow = true } = {},
): Promise<FileHandle> {
  const found = await (follow ? stat(path) : lstat(path));
  if (!found.isFile()) throw new NotRegular(kindOf(found));
  return open(path, access | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW));
}
