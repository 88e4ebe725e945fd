import { LimitReached, type Limits, limitSentences } from '@winnow/files/confined';
import type { FlatTicket } from './flat-ticket.ts';

/** What HDF5 itself can undo: deflate, shuffle, Fletcher's checksum. */
const FILTERS = [1, 2, 3];

/** The innermost line of HDF5's stack of errors, which says what is wrong. */
function causeOf(error: unknown): string {
  const text = String((error as Error).message ?? error);
  return [...text.matchAll(/^ *#\d+: .*?\(\): (.*)$/gm)].at(-1)?.[1] ?? text.split('\n')[0]!;
}

/** What is wrong with a file that HDF5 can read. */
class Unfit extends Error {}

/** What an HDF5 file is asked for, by a process that may be lost over it. */
export const hdf5Methods = {
  /** One part a ticket. What is none is passed over, where there are tickets. */
  async *tickets(path: string, { memory, ...limits }: Limits): AsyncGenerator<FlatTicket> {
    const { default: hdf5 } = await import('h5wasm/node');
    const module = await hdf5.ready;
    // Without it, what cannot be read would come back as whatever memory holds.
    module.activate_throwing_error_handler();
    /** Why what else the file holds is no ticket. */
    const others: string[] = [];
    let found = false;
    let all = 0;
    try {
      const file = new hdf5.File(path, 'r');
      for (const name of file.paths()) {
        const entity = file.get(name);
        if (entity instanceof hdf5.Group) continue;
        if (!(entity instanceof hdf5.Dataset)) {
          others.push(`"${name}" is a link to nothing`);
          continue;
        }
        const { shape, enum_type: enumeration } = entity.metadata;
        const names = Object.keys(enumeration?.members ?? {});
        if (names.toSorted().join() !== 'FALSE,TRUE') {
          others.push(`"${name}" is not boolean`);
          continue;
        }
        if (shape?.length !== 1) {
          others.push(`"${name}" has the shape [${shape?.join(', ') ?? ''}] and is not flat`);
          continue;
        }
        const filter = entity.filters.find(({ id }) => !FILTERS.includes(id));
        if (filter) throw new Unfit(`"${name}" is compressed by ${filter.name}`);
        // What was never written takes no place in the file, and all of it in memory.
        all += shape[0]!;
        if (!(all <= memory)) throw new LimitReached(limitSentences.memory({ memory, ...limits }));
        const mask = Uint8Array.from(entity.value as Int8Array);
        const wrong = mask.find((value) => value > 1);
        if (wrong !== undefined) throw new Unfit(`"${name}" holds ${wrong}, which is not boolean`);
        found = true;
        yield { name, mask, kept: mask.reduce((sum, bit) => sum + bit, 0) };
      }
      file.close();
      if (!found && others[0] !== undefined) throw new Unfit(others[0]);
    } catch (error) {
      if (error instanceof Unfit || error instanceof LimitReached) throw error;
      throw new Error(causeOf(error), { cause: error });
    }
  },
};
