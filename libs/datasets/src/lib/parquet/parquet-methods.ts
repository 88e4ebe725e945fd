import { open, stat } from 'node:fs/promises';
import { LimitReached, type Limits, limitSentences } from '@winnow/files/confined';
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  type SchemaTree,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { LARGEST_LABEL, UNLABELLED } from './label-values.ts';

/** What a Parquet file says of itself. */
export interface Footer {
  /** Each with the fields inside it. */
  readonly columns: readonly SchemaTree[];
  /** Rows of each row group. */
  readonly groupRows: readonly number[];
  readonly keyValues: NonNullable<FileMetaData['key_value_metadata']>;
  /** Its own bytes, which name every page of the file. */
  readonly bytes: Uint8Array;
}

/** A column of one row group. */
export interface GroupPlace {
  readonly path: string;
  readonly column: string;
  /** First row, and the one after the last. */
  readonly first: number;
  readonly end: number;
}

/** Labels of a row group, up to the first cell that holds none; that one as text, and whether all cells hold `UNLABELLED`. */
export interface Labels {
  readonly labels: Int32Array;
  readonly wrong?: string;
  readonly unlabelled?: boolean;
}

/** The bytes of cells that follow each other, nothing where one holds none. */
export type Cells = readonly (Uint8Array | undefined)[];

/** Of one message from process to process. */
const PART_BYTES = 4 * 2 ** 20;
/** Of a cell, beside those it holds. */
const CELL_BYTES = 8;
/** Bytes that are asked for at once: Linux gives no more than 2 GiB, and Node takes no larger number. */
const MOST_READ = 2 ** 30;
/** The footer's length and "PAR1". */
const TRAILER = 8;

async function fileAt(path: string): Promise<AsyncBuffer> {
  const { size: byteLength } = await stat(path);
  return {
    byteLength,
    async slice(start, end = byteLength) {
      // Before room is made for it: the numbers are the file's own.
      if (!(start >= 0 && start <= end && end <= byteLength)) {
        throw new RangeError('the file is cut off');
      }
      const file = await open(path);
      try {
        const bytes = new Uint8Array(end - start);
        for (let at = 0; at < bytes.length;) {
          const length = Math.min(bytes.length - at, MOST_READ);
          const { bytesRead } = await file.read(bytes, at, length, start + at);
          if (bytesRead === 0) throw new RangeError('the file is cut off');
          at += bytesRead;
        }
        return bytes.buffer;
      } finally {
        await file.close();
      }
    },
  };
}

interface OpenFile {
  readonly path: string;
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
}

/** Of nothing, such as the dictionary of a column of nulls, LZ4 makes a byte that the library takes for a damaged page. */
const decompressors: Compressors = Object.fromEntries(
  Object.entries(compressors).map(([codec, decompress]) => [
    codec,
    (page: Uint8Array, length: number) =>
      length === 0 ? new Uint8Array() : decompress(page, length),
  ]),
);

/** The file asked about last: its footer is wanted again with every row group. */
let last: OpenFile | undefined;

async function opened(path: string): Promise<OpenFile> {
  const file = await fileAt(path);
  return (last = { path, file, metadata: await parquetMetadataAsync(file) });
}

async function valuesOf({ path, column, first, end }: GroupPlace): Promise<unknown[]> {
  const { file, metadata } = last?.path === path ? last : await opened(path);
  const rows = await parquetReadObjects({
    file,
    metadata,
    columns: [column],
    rowStart: first,
    rowEnd: end,
    compressors: decompressors,
    utf8: false,
  });
  if (rows.length !== end - first) throw new RangeError(`it has ${rows.length} rows there`);
  return rows.map((row): unknown => row[column]);
}

/** The bytes of a cell: itself, or the field `bytes` of a struct. */
function bytesIn(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  const { bytes } = (value ?? {}) as { bytes?: unknown };
  return bytes instanceof Uint8Array ? bytes : undefined;
}

/** A label, or nothing where a value is none. */
function labelIn(value: unknown): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  const whole = typeof number === 'number' && Number.isInteger(number);
  return whole && number >= 0 && number <= LARGEST_LABEL ? number : undefined;
}

/** A value for an error, short. */
function textOf(value: unknown): string {
  const plain = typeof value === 'object' && value !== null ? 'a struct or a list' : String(value);
  return plain.slice(0, 40);
}

/** What a Parquet file is asked for, by a process that may be lost over it. */
export const parquetMethods = {
  async *footer({ path }: { readonly path: string }): AsyncGenerator<Footer> {
    const { file, metadata } = await opened(path);
    const start = file.byteLength - TRAILER - metadata.metadata_length;
    yield {
      columns: parquetSchema(metadata).children,
      groupRows: metadata.row_groups.map(({ num_rows }) => Number(num_rows)),
      keyValues: metadata.key_value_metadata ?? [],
      bytes: new Uint8Array(await file.slice(start, file.byteLength)),
    };
  },

  async *labels(place: GroupPlace): AsyncGenerator<Labels> {
    const values = await valuesOf(place);
    const labels = values.map(labelIn);
    const wrong = labels.indexOf(undefined);
    if (wrong < 0) yield { labels: Int32Array.from(labels as number[]) };
    else {
      const right = labels.slice(0, wrong) as number[];
      const unlabelled = values.every((value) => Number(value) === UNLABELLED);
      yield { labels: Int32Array.from(right), wrong: textOf(values[wrong]), unlabelled };
    }
  },

  async *cells(place: GroupPlace, limits: Limits): AsyncGenerator<Cells> {
    let cells: (Uint8Array | undefined)[] = [];
    let [bytes, all] = [0, 0];
    for (const value of await valuesOf(place)) {
      const cell = bytesIn(value);
      cells.push(cell);
      const taken = CELL_BYTES + (cell?.length ?? 0);
      bytes += taken;
      all += taken;
      // Many cells may be one in the file.
      if (all > limits.memory) throw new LimitReached(limitSentences.memory(limits));
      if (bytes < PART_BYTES) continue;
      yield cells;
      [cells, bytes] = [[], 0];
    }
    yield cells;
  },
};
