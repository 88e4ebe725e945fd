import { statSync } from 'node:fs';
import { ConfinedProcess, type Limits, compiledBeside, limitsFor } from '@winnow/files/confined';
import { WinnowError } from '@winnow/plugin-api';
import type { Cells, Footer, GroupPlace, Labels } from './parquet-methods.ts';

/** A Parquet file whose footer has been read. */
export interface ParquetTable extends Pick<Footer, 'columns' | 'keyValues'> {
  readonly path: string;
  /** The footer's bytes, which name every page of the file. */
  readonly footer: Uint8Array;
  /** First row of each row group, and after the last one the number of rows. */
  readonly groups: readonly number[];
  /** Labels of a row group. Throws BAD_DATA where the file cannot be read there. */
  labels: (column: string, group: number) => Promise<Labels>;
  /** The bytes in each cell of a row group, nothing where one holds none. Throws BAD_DATA where the file cannot be read there. */
  cells: (column: string, group: number) => Promise<Cells>;
}

/**
 * The library that reads Parquet believes what a file says of itself: a few changed bytes make it fill lists of a billion, which
 * ends a process of Node at once.
 */
const reader = new ConfinedProcess(compiledBeside('./reader-process.js', import.meta.url));

function bad(path: string, problem: string, cause?: unknown): WinnowError {
  return new WinnowError('BAD_DATA', `${path} ${problem}.`, {
    hint: 'Restore or download it again.',
    cause,
  });
}

const reasonOf = (error: unknown) => (error as Error).message.split('\n')[0]!.slice(0, 200);

function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw bad(path, 'is a link to a file that is not there');
  // A pipe would keep its reader waiting.
  if (!found.isFile()) throw bad(path, 'is no file');
  return found.size;
}

/** Throws BAD_DATA where row groups have not as many rows as a file of that size can have. */
function groupsOf(path: string, groupRows: readonly number[], size: number): number[] {
  const groups = [0];
  for (const rows of groupRows) {
    // Each row has an image, and none is as small as a byte.
    const end = groups.at(-1)! + rows;
    if (!(rows >= 0 && end <= size)) throw bad(path, `claims ${end} rows in ${size} bytes`);
    groups.push(end);
  }
  return groups;
}

/** Throws BAD_DATA where the file is no Parquet file, or takes more than it may. */
export async function openParquet(
  path: string,
  limits: (fileBytes: number) => Limits = limitsFor,
): Promise<ParquetTable> {
  const size = sizeOf(path);
  const most = limits(size);
  const ask = (method: string, argument: unknown) => reader.ask(method, argument, most);
  const [footer] = (await ask('footer', { path }).catch((cause: unknown) => {
    throw bad(path, `is no Parquet file (${reasonOf(cause)})`, cause);
  })) as [Footer];
  const groups = groupsOf(path, footer.groupRows, size);
  async function group(method: string, column: string, index: number): Promise<unknown[]> {
    const [first, end] = [groups[index]!, groups[index + 1]!];
    try {
      return await ask(method, { path, column, first, end } satisfies GroupPlace);
    } catch (cause) {
      throw bad(path, `cannot be read at rows ${first} to ${end - 1} (${reasonOf(cause)})`, cause);
    }
  }
  return {
    path,
    columns: footer.columns,
    keyValues: footer.keyValues,
    footer: footer.bytes,
    groups,
    labels: async (column, index) => (await group('labels', column, index))[0] as Labels,
    cells: async (column, index) => ((await group('cells', column, index)) as Cells[]).flat(),
  };
}
