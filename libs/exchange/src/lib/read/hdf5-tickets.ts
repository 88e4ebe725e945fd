import { open } from 'node:fs/promises';
import { WinnowError } from '@winnow/plugin-api';
import type { FlatTicket } from './flat-ticket.ts';

const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');

/** What HDF5 itself can undo: deflate, shuffle, Fletcher's checksum. */
const FILTERS = [1, 2, 3];

/** Whether a file begins as HDF5 files do. Throws FILE_NOT_READABLE. */
export async function isHdf5(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(SIGNATURE.length) });
      return buffer.subarray(0, bytesRead).equals(SIGNATURE);
    } finally {
      await file.close();
    }
  } catch (cause) {
    const problem = (cause as Error).message;
    throw new WinnowError('FILE_NOT_READABLE', `Cannot read ${path} (${problem}).`, { cause });
  }
}

/** The innermost line of HDF5's stack of errors, which says what is wrong. */
function causeOf(error: unknown): string {
  const text = String((error as Error).message ?? error);
  return [...text.matchAll(/^ *#\d+: .*?\(\): (.*)$/gm)].at(-1)?.[1] ?? text.split('\n')[0]!;
}

const bad = (path: string, problem: string, cause?: unknown) =>
  new WinnowError('BAD_HDF5', `${path} holds no tickets that can be read: ${problem}.`, {
    hint: 'A ticket is a flat boolean data set, as h5py writes it, plain or compressed by gzip.',
    cause,
  });

/**
 * Every data set of an HDF5 file, each a ticket as the authors of CTS write them: flat, boolean (which h5py stores as an
 * enumeration of FALSE and TRUE), one value a prunable weight. Throws FILE_NOT_READABLE, or BAD_HDF5 where the file is
 * damaged or holds anything else.
 */
export async function readHdf5Tickets(path: string): Promise<FlatTicket[]> {
  if (!(await isHdf5(path))) throw bad(path, 'it does not begin as an HDF5 file');
  const { default: hdf5 } = await import('h5wasm/node');
  const module = await hdf5.ready;
  // Without it, what cannot be read would come back as whatever memory holds.
  module.activate_throwing_error_handler();
  let file: InstanceType<typeof hdf5.File> | undefined;
  try {
    const opened = (file = new hdf5.File(path, 'r'));
    const tickets = opened.paths().flatMap((name) => {
      const entity = opened.get(name);
      if (entity instanceof hdf5.Group) return [];
      if (!(entity instanceof hdf5.Dataset)) throw bad(path, `"${name}" is a link to nothing`);
      const { shape, enum_type: enumeration } = entity.metadata;
      const names = Object.keys(enumeration?.members ?? {});
      if (names.toSorted().join() !== 'FALSE,TRUE') throw bad(path, `"${name}" is not boolean`);
      if (shape?.length !== 1) {
        throw bad(path, `"${name}" has the shape [${shape?.join(', ') ?? ''}] and is not flat`);
      }
      const filter = entity.filters.find(({ id }) => !FILTERS.includes(id));
      if (filter) throw bad(path, `"${name}" is compressed by ${filter.name}`);
      const mask = Uint8Array.from(entity.value as Int8Array);
      const wrong = mask.find((value) => value > 1);
      if (wrong !== undefined) throw bad(path, `"${name}" holds ${wrong}, which is not boolean`);
      return [{ name, mask, kept: mask.reduce((sum, bit) => sum + bit, 0) }];
    });
    if (tickets.length === 0) throw bad(path, 'it has no data sets');
    return tickets;
  } catch (error) {
    throw error instanceof WinnowError ? error : bad(path, causeOf(error), error);
  } finally {
    module.deactivate_throwing_error_handler();
    if (file && file.file_id > 0n) file.close();
  }
}
