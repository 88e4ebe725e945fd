import { open, stat } from 'node:fs/promises';
import {
  ConfinedProcess,
  LimitReached,
  type Limits,
  compiledBeside,
  limitsFor,
} from '@winnow/files/confined';
import { notReadable } from '@winnow/files/disk';
import { WinnowError } from '@winnow/plugin-api';
import type { FlatTicket } from './flat-ticket.ts';

const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');

/** A damaged file can make HDF5 read beyond its memory or turn in circles. */
const reader = new ConfinedProcess(compiledBeside('./hdf5-process.js', import.meta.url));

/** Where the signature stands, unless at 0, is this or its double, four-fold, …: before it is room for the user. */
const FIRST_AFTER_USER = 512;

/** Whether a file begins as HDF5 files do, at 0 or behind a user's block. Throws FILE_NOT_READABLE. */
export async function isHdf5(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(SIGNATURE.length);
      for (let at = 0; at < size; at = 2 * at || FIRST_AFTER_USER) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
        if (buffer.subarray(0, bytesRead).equals(SIGNATURE)) return true;
      }
      return false;
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw notReadable(path, cause);
  }
}

function bad(path: string, problem: string, cause?: unknown): WinnowError {
  const code = cause instanceof LimitReached ? 'BAD_DATA' : 'BAD_HDF5';
  return new WinnowError(code, `${path} holds no tickets that can be read: ${problem}.`, {
    hint: 'A ticket is a flat boolean data set, as h5py writes it, plain or compressed by gzip.',
    cause,
  });
}

/**
 * The tickets of an HDF5 file as the authors of CTS write them: flat and boolean (which h5py stores as an enumeration of FALSE and
 * TRUE), one value a prunable weight. Other data sets are passed over. Throws FILE_NOT_READABLE, BAD_HDF5 where the file is
 * damaged or holds no ticket, or BAD_DATA where it takes more than it may.
 */
export async function readHdf5Tickets(
  path: string,
  limits: (fileBytes: number) => Limits = limitsFor,
): Promise<FlatTicket[]> {
  if (!(await isHdf5(path))) throw bad(path, 'it does not begin as an HDF5 file');
  const { size } = await stat(path);
  const tickets = await reader.ask('tickets', path, limits(size)).catch((cause: unknown) => {
    throw bad(path, (cause as Error).message, cause);
  });
  if (tickets.length === 0) throw bad(path, 'it has no data sets');
  return tickets as FlatTicket[];
}
