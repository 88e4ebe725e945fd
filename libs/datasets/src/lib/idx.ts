import { statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { readWhole } from '@winnow/files/disk';
import { WinnowError } from '@winnow/plugin-api';

/** An array of bytes in the IDX format of MNIST. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const UNSIGNED_BYTE = 8;
/** Beyond any file of this format's sets; unpacking stops there. */
const MOST_BYTES = 2 ** 30;

/**
 * An IDX file: two zero bytes, the type (8 is the unsigned byte), the rank, each size as a big-endian 32-bit number, the values.
 * Throws BAD_DATA where it is anything else.
 */
export function decodeIdx(path: string, bytes: Uint8Array): IdxArray {
  const bad = (problem: string) =>
    new WinnowError('BAD_DATA', `${path} is no IDX file of bytes: ${problem}.`, {
      hint: 'Download it again.',
    });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) throw bad(`it has ${bytes.length} bytes`);
  if (view.getUint16(0) !== 0) throw bad('it does not begin with two zeros');
  if (bytes[2] !== UNSIGNED_BYTE)
    throw bad(`its type is ${bytes[2]} where ${UNSIGNED_BYTE} is needed`);
  const rank = bytes[3]!;
  const start = 4 + 4 * rank;
  if (bytes.length < start) throw bad(`its header of rank ${rank} is cut off`);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = shape.reduce((product, n) => product * n, 1);
  if (bytes.length - start !== expected) {
    throw bad(
      `it has ${bytes.length - start} values where its shape [${shape.join(', ')}] needs ${expected}`,
    );
  }
  return { shape, data: bytes.subarray(start) };
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false; // in a folder that may not be entered
  }
}

/** Reads the IDX file of this name in a folder, packed by gzip or not. Throws DATA_NOT_FOUND, FILE_NOT_READABLE and BAD_DATA. */
export async function readIdx(folder: string, name: string): Promise<IdxArray & { path: string }> {
  // Some repackagings hold each file in a folder of its name.
  const path = [name, `${name}.gz`]
    .flatMap((file) => [file, join(name, file), join(file, name)])
    .map((place) => join(folder, place))
    .find((place) => isFile(place));
  if (path === undefined) {
    throw new WinnowError('DATA_NOT_FOUND', `${folder} lacks ${name}, and ${name}.gz too.`, {
      hint: '`winnow data fetch mnist` or `winnow data fetch fashion-mnist` downloads them.',
    });
  }
  const bytes = await readWhole(path);
  if (!path.endsWith('.gz')) return { path, ...decodeIdx(path, bytes) };
  const unpacked = await promisify(gunzip)(bytes, { maxOutputLength: MOST_BYTES }).catch(
    (cause: Error) => {
      throw new WinnowError('BAD_DATA', `Cannot unpack ${path} (${cause.message}).`, {
        hint: 'Download it again.',
        cause,
      });
    },
  );
  return { path, ...decodeIdx(path, unpacked) };
}
