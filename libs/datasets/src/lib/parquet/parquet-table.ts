import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { WinnowError } from '@winnow/plugin-api';
import type { AsyncBuffer, FileMetaData, SchemaTree } from 'hyparquet';

type Row = Readonly<Record<string, unknown>>;

/** A Parquet file whose footer has been read. */
export interface ParquetTable {
  readonly path: string;
  readonly metadata: FileMetaData;
  /** Each with the fields inside it. */
  readonly columns: readonly SchemaTree[];
  /** The footer's bytes, which name every page of the file. */
  readonly footer: Uint8Array;
  /** First row of each row group, and after the last one the number of rows. */
  readonly groups: readonly number[];
  /** Throws BAD_DATA where the file cannot be read there. */
  rows: (column: string, first: number, end: number) => Promise<readonly Row[]>;
}

const load = () => Promise.all([import('hyparquet'), import('hyparquet-compressors')]);

function bad(path: string, problem: string, cause?: unknown): WinnowError {
  return new WinnowError('BAD_DATA', `${path} ${problem}.`, {
    hint: 'Restore or download it again.',
    cause,
  });
}

function fileAt(path: string): AsyncBuffer {
  const byteLength = statSync(path, { throwIfNoEntry: false })?.size;
  if (byteLength === undefined) throw bad(path, 'is a link to a file that is not there');
  return {
    byteLength,
    async slice(start, end = byteLength) {
      const file = await open(path);
      try {
        const bytes = new Uint8Array(end - start);
        const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
        if (bytesRead < bytes.length) throw new RangeError('the file is cut off');
        return bytes.buffer;
      } finally {
        await file.close();
      }
    },
  };
}

/** Throws BAD_DATA where the file is no Parquet file. */
export async function openParquet(path: string): Promise<ParquetTable> {
  const [{ parquetMetadataAsync, parquetReadObjects, parquetSchema }, { compressors }] =
    await load();
  const file = fileAt(path);
  let metadata: FileMetaData;
  try {
    metadata = await parquetMetadataAsync(file);
  } catch (cause) {
    throw bad(path, `is no Parquet file (${(cause as Error).message})`, cause);
  }
  const groups = [0];
  for (const { num_rows } of metadata.row_groups) groups.push(groups.at(-1)! + Number(num_rows));
  const TRAILER = 8; // the footer's length and "PAR1"
  return {
    path,
    metadata,
    columns: parquetSchema(metadata).children,
    footer: new Uint8Array(
      await file.slice(file.byteLength - TRAILER - metadata.metadata_length, file.byteLength),
    ),
    groups,
    async rows(column, rowStart, rowEnd) {
      const what = { file, metadata, columns: [column], rowStart, rowEnd };
      try {
        return await parquetReadObjects({ ...what, compressors, utf8: false });
      } catch (cause) {
        const reason = (cause as Error).message;
        throw bad(path, `cannot be read at rows ${rowStart} to ${rowEnd - 1} (${reason})`, cause);
      }
    },
  };
}
