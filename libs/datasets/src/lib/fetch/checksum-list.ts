import { readdirSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '@winnow/files/disk';
import { WinnowError } from '@winnow/plugin-api';
import { sha256Of } from './file-digest.ts';

/** In the format of `sha256sum`, which can check it too. */
export const LIST = 'SHA256SUMS';

/** Writes the SHA-256 of every file of a folder into it. Throws FILE_NOT_WRITABLE, and the signal's AbortError. */
export async function writeChecksums(folder: string, signal: AbortSignal): Promise<void> {
  const lines: string[] = [];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== LIST)
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
  for (const file of files) {
    lines.push(`${await sha256Of(join(folder, file), signal)}  ${file}\n`);
  }
  await writeWhole(join(folder, LIST), lines.join(''));
}

export interface ChecksumCheck {
  readonly files: number;
  /** One sentence each. */
  readonly problems: readonly string[];
}

async function readList(list: string): Promise<string | undefined> {
  try {
    return await readFile(list, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new WinnowError('FILE_NOT_READABLE', `Cannot read ${list} (${message}).`, {
      hint: 'Make it readable, or remove it.',
      cause,
    });
  }
}

/**
 * Compares the files that a folder's list names with it; nothing where the folder has none. Throws BAD_DATA where the list is
 * malformed, FILE_NOT_READABLE, and the signal's AbortError. A file that cannot be read is among the problems.
 */
export async function checkChecksums(
  folder: string,
  signal?: AbortSignal,
): Promise<ChecksumCheck | undefined> {
  const list = join(folder, LIST);
  const text = await readList(list);
  if (text === undefined) return undefined;
  const problems: string[] = [];
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  for (const [i, line] of lines.entries()) {
    const [, expected, file] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    if (expected === undefined || file === undefined) {
      throw new WinnowError('BAD_DATA', `Line ${i + 1} of ${list} is no checksum.`, {
        hint: 'Remove the list, or make it with sha256sum.',
      });
    }
    const path = join(folder, file);
    if (!(await stat(path).catch(() => undefined))?.isFile()) problems.push(`${path} is missing`);
    else {
      const found = await sha256Of(path, signal).catch((error: NodeJS.ErrnoException) => {
        signal?.throwIfAborted();
        return error;
      });
      if (typeof found !== 'string') problems.push(`${path} cannot be read (${found.message})`);
      else if (found !== expected) problems.push(`${path} is not as in ${list}`);
    }
  }
  return { files: lines.length, problems };
}
