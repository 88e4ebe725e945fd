import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { WinnowError } from '@winnow/plugin-api';
import { makeDataFolder, refusedByDisk } from './disk.ts';

export interface Limits {
  readonly bytes: number;
  readonly files: number;
}

const bad = (archive: string, problem: string, cause?: unknown) =>
  new WinnowError('BAD_ARCHIVE', `${archive} was not unpacked: ${problem}.`, {
    hint: 'It is not the archive that it should be; remove it and fetch it again.',
    cause,
  });

/** Looks at every entry of an archive before anything of it is written. */
class Gate {
  readonly #archive: string;
  readonly #most: Limits;
  readonly #signal: AbortSignal;
  #bytes = 0;
  #files = 0;

  constructor(archive: string, most: Limits, signal: AbortSignal) {
    this.#archive = archive;
    this.#most = most;
    this.#signal = signal;
  }

  /** Throws BAD_ARCHIVE for an entry that is neither file nor folder, that would leave the target, or beyond the limits; the signal's AbortError. */
  pass(path: string, kind: string, bytes: number): void {
    this.#signal.throwIfAborted();
    const problem = this.#problemWith(path, kind, bytes);
    if (problem) throw bad(this.#archive, problem);
  }

  #problemWith(path: string, kind: string, bytes: number): string | undefined {
    if (!['File', 'OldFile', 'ContiguousFile', 'Directory'].includes(kind)) {
      return `its entry "${path}" is a ${kind}`;
    }
    const absolute = path.startsWith('/') || /^[a-z]:/i.test(path);
    if (absolute || /[\\\0]/.test(path) || path.split('/').includes('..')) {
      return `its entry "${path}" would leave the folder`;
    }
    this.#bytes += bytes;
    this.#files += 1;
    if (this.#bytes > this.#most.bytes) return `it holds more than ${this.#most.bytes} bytes`;
    if (this.#files > this.#most.files) return `it holds more than ${this.#most.files} entries`;
    return undefined;
  }
}

async function unpackTar(archive: string, target: string, newGate: () => Gate): Promise<void> {
  const { extract, list } = await import('tar');
  const pass = async (read: typeof list | typeof extract) => {
    const gate = newGate();
    let refused: unknown;
    const filter = (path: string, entry: { size: number; type?: string }) => {
      if (refused) return false;
      try {
        gate.pass(path, entry.type ?? 'File', entry.size);
        return true;
      } catch (error) {
        refused = error;
        return false;
      }
    };
    const options = { file: archive, cwd: target, strict: true, preserveOwner: false, filter };
    await read(options).catch((error: unknown) => {
      refused ??= error;
    });
    if (refused) throw refused as Error;
  };
  // Read to its end first: where `extract` fails, it goes on to write for a while.
  await pass(list);
  await pass(extract);
}

const FILE_TYPE = 0o170000;
const KINDS = new Map([
  [0o120000, 'SymbolicLink'],
  [0o060000, 'BlockDevice'],
  [0o020000, 'CharacterDevice'],
  [0o010000, 'FIFO'],
]);

async function unpackZip(archive: string, target: string, newGate: () => Gate): Promise<void> {
  const gate = newGate();
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(archive, { strictFileNames: true });
  try {
    for await (const entry of zip.eachEntry()) {
      const { fileName, externalFileAttributes, uncompressedSize } = entry;
      const kind = KINDS.get((externalFileAttributes >>> 16) & FILE_TYPE) ?? 'File';
      gate.pass(fileName, kind, uncompressedSize);
      const path = join(target, fileName);
      if (fileName.endsWith('/')) {
        await mkdir(path, { recursive: true });
        continue;
      }
      await mkdir(dirname(path), { recursive: true });
      // 'wx': no entry writes over another. The reader ends with an error beyond `uncompressedSize`.
      await pipeline(
        await zip.openReadStreamPromise(entry),
        createWriteStream(path, { flags: 'wx' }),
      );
    }
  } finally {
    zip.close();
  }
}

/** Even while something is still being written there. */
const discard = (target: string) =>
  rm(target, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });

/**
 * Unpacks an archive into a new folder, where nothing is left if anything is wrong with it. Only plain files and folders come out,
 * none outside `target`. Throws BAD_ARCHIVE, FILE_NOT_WRITABLE, and the signal's AbortError.
 */
export async function unpack(
  archive: string,
  packing: 'tar.gz' | 'zip',
  target: string,
  most: Limits,
  signal: AbortSignal,
): Promise<void> {
  await discard(target);
  await makeDataFolder(target);
  try {
    await (packing === 'zip' ? unpackZip : unpackTar)(
      archive,
      target,
      () => new Gate(archive, most, signal),
    );
  } catch (error) {
    // What went wrong first is what counts; the next start removes what is left.
    await discard(target).catch(() => {});
    if (error instanceof WinnowError) throw error;
    signal.throwIfAborted();
    throw refusedByDisk(target, error) ?? bad(archive, (error as Error).message, error);
  }
}
