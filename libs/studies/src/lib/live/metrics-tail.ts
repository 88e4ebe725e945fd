import { open } from 'node:fs/promises';
import type { MetricsRow } from '@winnow/experiments';

const START = { inode: undefined as number | undefined, offset: 0 };

/** Follows the `metrics.jsonl` of a run that another process writes: reads what is new in it, and no more. */
export class MetricsTail {
  readonly #path: string;
  #at = START;
  /** The beginning of a line whose end is not written yet. */
  #torn = '';

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * The rows since the last call; `anew` where the file is another one by now, whose rows are all of the run's. What is no
   * row, such as the first line, is passed over: whoever reads the run itself is told of it.
   */
  async read(): Promise<{ readonly anew: boolean; readonly rows: readonly MetricsRow[] }> {
    const file = await open(this.#path).catch(() => undefined);
    if (!file) return { anew: false, rows: [] };
    try {
      const { ino, size } = await file.stat();
      const anew = ino !== this.#at.inode || size < this.#at.offset;
      if (anew) this.#torn = '';
      const offset = anew ? 0 : this.#at.offset;
      const bytes = Buffer.alloc(size - offset);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
      this.#at = { inode: ino, offset: offset + bytesRead };
      const lines = (this.#torn + bytes.toString('utf8', 0, bytesRead)).split('\n');
      this.#torn = lines.pop()!;
      return { anew, rows: lines.flatMap(rowIn) };
    } finally {
      await file.close();
    }
  }
}

function rowIn(line: string): MetricsRow[] {
  try {
    const row = JSON.parse(line) as Partial<MetricsRow> | null;
    return typeof row?.phase === 'string' && Number.isInteger(row.step) ? [row as MetricsRow] : [];
  } catch {
    return [];
  }
}
