import type { MetricsRow } from '@winnow/experiments';

/**
 * Rows of a run's phases as they come, thinned out so that there are never more than `most` of a phase: first all, then
 * every second step's, every fourth's, and so on. The last one is always there.
 */
export class ThinnedRows {
  readonly #most: number;
  readonly #phases = new Map<string, { stride: number; rows: MetricsRow[]; last?: MetricsRow }>();

  constructor(most: number) {
    this.#most = most;
  }

  clear(): void {
    this.#phases.clear();
  }

  add(rows: readonly MetricsRow[]): void {
    for (const row of rows) {
      const phase = this.#phases.get(row.phase) ?? { stride: 1, rows: [] };
      this.#phases.set(row.phase, phase);
      phase.last = row;
      if (row.step % phase.stride !== 0) continue;
      phase.rows.push(row);
      if (phase.rows.length < this.#most) continue;
      phase.stride *= 2;
      phase.rows = phase.rows.filter(({ step }) => step % phase.stride === 0);
    }
  }

  /** In the order in which they came. */
  all(): MetricsRow[] {
    return [...this.#phases.values()].flatMap(({ rows, last }) =>
      rows.at(-1) === last ? rows : [...rows, last!],
    );
  }
}
