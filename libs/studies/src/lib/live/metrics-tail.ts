import { open } from 'node:fs/promises';
import type { MetricsRow } from '@winnow/experiments';

const START = { inode: undefined as number | undefined, offset: 0 };
const NOTHING = { anew: false, rows: [] };
const NEWLINE = 10;

/** Follows the `metrics.jsonl` of a run that another process writes: reads what is new in it, and no more. */
export class MetricsTail {
  readonly #path: string;
  /** Up to the end of the last whole line. */
  #at = START;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * The rows since the last call; `anew` where the file is another one by now, whose rows are all of the run's. What is no
   * row, such as the first line, is passed over: whoever reads the run itself is told of it.
   */
  async read(): Promise<{ readonly anew: boolean; readonly rows: readonly MetricsRow[] }> {
    const file = await open(this.#path).catch(() => undefined);
    if (!file) return NOTHING;
    try {
      const { ino, size } = await file.stat();
      const anew = ino !== this.#at.inode || size < this.#at.offset;
      const offset = anew ? 0 : this.#at.offset;
      const bytes = Buffer.alloc(size - offset);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
      // What is half a line yet, or half a character, is read again with its end.
      const whole = bytes.subarray(0, bytes.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1);
      this.#at = { inode: ino, offset: offset + whole.length };
      return { anew, rows: whole.toString('utf8').split('\n').flatMap(rowIn) };
    } catch {
      // On a shared disk a file can go away while it is open.
      return NOTHING;
    } finally {
      await file.close().catch(() => {});
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
