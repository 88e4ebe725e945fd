import type { ParquetTable } from './parquet-table.ts';

/** Bytes of encoded images that may stay in memory. */
const MOST_BYTES = 2 ** 30;

interface Group {
  readonly images: Promise<readonly unknown[]>;
  /** 0 until it is known. */
  bytes: number;
}

/**
 * Values of one column, a row group at a time, the ones used last kept up to `mostBytes` in all. A data set of encoded images
 * under that size is read once; of a larger one a row group is read again each time that a row of it is wanted anew.
 */
export class RowCache {
  readonly #column: string;
  readonly #bytesOf: (value: unknown) => number;
  readonly #mostBytes: number;
  readonly #groups = new Map<string, Group>();
  #bytes = 0;

  constructor(column: string, bytesOf: (value: unknown) => number, mostBytes = MOST_BYTES) {
    this.#column = column;
    this.#bytesOf = bytesOf;
    this.#mostBytes = mostBytes;
  }

  async value(table: ParquetTable, row: number): Promise<unknown> {
    const group = table.groups.findLastIndex((first) => first <= row);
    const first = table.groups[group]!;
    const key = `${table.path}#${group}`;
    let entry = this.#groups.get(key);
    // Last in the map is used last.
    if (entry) this.#groups.delete(key);
    else entry = this.#read(table, key, first, table.groups[group + 1]!);
    this.#groups.set(key, entry);
    return (await entry.images)[row - first];
  }

  #read(table: ParquetTable, key: string, first: number, end: number): Group {
    const images = table
      .rows(this.#column, first, end)
      .then((rows) => rows.map((row) => row[this.#column]));
    const entry: Group = { images, bytes: 0 };
    images.then(
      (values) => {
        entry.bytes = values.reduce<number>((sum, value) => sum + this.#bytesOf(value), 0);
        this.#bytes += entry.bytes;
        this.#forgetOldest(key);
      },
      // It may be mended when it is wanted again.
      () => this.#groups.delete(key),
    );
    return entry;
  }

  #forgetOldest(keep: string): void {
    for (const [key, { bytes }] of this.#groups) {
      if (this.#bytes <= this.#mostBytes) return;
      if (key === keep || bytes === 0) continue;
      this.#groups.delete(key);
      this.#bytes -= bytes;
    }
  }
}
