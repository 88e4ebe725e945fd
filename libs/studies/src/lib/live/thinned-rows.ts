import type { MetricsRow } from '@winnow/experiments';

interface Placed {
  readonly row: MetricsRow;
  /** Of a step its number; of a validation that among them, from 1. */
  readonly at: number;
}

interface Thinned {
  stride: number;
  count: number;
  rows: Placed[];
  last?: Placed;
}

/**
 * Rows of a run's phases as they come, thinned out so that there are never more than `most` of a phase, nor of its
 * validations: first all, then every second one, every fourth, and so on. The last one is always there.
 */
export class ThinnedRows {
  readonly #most: number;
  readonly #kinds = new Map<string, Thinned>();

  constructor(most: number) {
    this.#most = most;
  }

  clear(): void {
    this.#kinds.clear();
  }

  add(rows: readonly MetricsRow[]): void {
    for (const row of rows) {
      const isValidation = 'validationAccuracy' in row;
      const name = `${row.phase}${isValidation ? ', validation' : ''}`;
      const kind = this.#kinds.get(name) ?? { stride: 1, count: 0, rows: [] };
      this.#kinds.set(name, kind);
      const one = { row, at: isValidation ? ++kind.count : row.step };
      kind.last = one;
      if (one.at % kind.stride !== 0) continue;
      kind.rows.push(one);
      if (kind.rows.length < this.#most) continue;
      kind.stride *= 2;
      kind.rows = kind.rows.filter(({ at }) => at % kind.stride === 0);
    }
  }

  /** Phase by phase, those of steps first, each in the order in which they came. */
  all(): MetricsRow[] {
    return [...this.#kinds.values()].flatMap(({ rows, last }) =>
      (rows.at(-1) === last ? rows : [...rows, last!]).map(({ row }) => row),
    );
  }
}
