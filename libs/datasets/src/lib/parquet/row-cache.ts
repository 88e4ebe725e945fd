import { LimitReached } from '@winnow/files/confined';
import type { Cells } from './parquet-methods.ts';
import type { ParquetTable } from './parquet-table.ts';

/** Bytes of encoded images that may stay in memory. */
const MOST_BYTES = 2 ** 30;

/** A row group to be read, and who waits for which of its rows. */
interface WantedGroup {
  readonly table: ParquetTable;
  readonly group: number;
  readonly requests: {
    readonly row: number;
    resolve: (bytes: Uint8Array | undefined) => void;
    reject: (error: unknown) => void;
  }[];
}

/** A copy: the cell is a view of a page, all of which would stay in memory as long as it. */
const copyOf = (cell: Uint8Array | undefined) => cell && new Uint8Array(cell);

/**
 * The bytes in one column. Row groups are read one after another; those used last are kept, up to `mostBytes` in all. So it
 * holds no more than that and one group, however many rows are wanted at once. A data set of encoded images under that size is
 * read once; of a larger one a row group is read again each time that rows of it are wanted anew.
 */
export class RowCache {
  readonly #column: string;
  readonly #mostBytes: number;
  readonly #kept = new Map<string, Cells>();
  /** Why row groups cannot be read within their limits: each more try would take as long. */
  readonly #beyond = new Map<string, Error>();
  readonly #wanted = new Map<string, WantedGroup>();
  #bytes = 0;
  #reading = false;

  constructor(column: string, mostBytes = MOST_BYTES) {
    this.#column = column;
    this.#mostBytes = mostBytes;
  }

  /** Nothing where the cell holds no bytes. Rejects where its row group cannot be read. */
  bytes(table: ParquetTable, row: number): Promise<Uint8Array | undefined> {
    const group = table.groups.findLastIndex((first) => first <= row);
    const inGroup = row - table.groups[group]!;
    const key = `${table.path}#${group}`;
    const kept = this.#kept.get(key);
    if (kept) {
      // Last in the map is used last.
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return Promise.resolve(copyOf(kept[inGroup]));
    }
    const beyond = this.#beyond.get(key);
    if (beyond) return Promise.reject(beyond);
    const wanted = this.#wanted.get(key) ?? { table, group, requests: [] };
    this.#wanted.set(key, wanted);
    return new Promise((resolve, reject) => {
      wanted.requests.push({ row: inGroup, resolve, reject });
      void this.#readWanted();
    });
  }

  async #readWanted(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    // What comes to be wanted meanwhile joins this loop at its end.
    for (const [key, wanted] of this.#wanted) {
      try {
        const cells = await wanted.table.cells(this.#column, wanted.group);
        for (const { row, resolve } of wanted.requests) resolve(copyOf(cells[row]));
        this.#keep(key, cells);
      } catch (error) {
        // It is not kept otherwise: it may be mended when it is wanted again.
        const { cause } = error as Error;
        if (cause instanceof LimitReached) this.#beyond.set(key, error as Error);
        for (const { reject } of wanted.requests) reject(error);
      }
      this.#wanted.delete(key);
    }
    this.#reading = false;
  }

  #keep(key: string, cells: Cells): void {
    this.#kept.set(key, cells);
    this.#bytes += bytesOf(cells);
    for (const [oldest, others] of this.#kept) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#kept.delete(oldest);
      this.#bytes -= bytesOf(others);
    }
  }
}

function bytesOf(cells: Cells): number {
  return cells.reduce((sum, cell) => sum + (cell?.length ?? 0), 0);
}
