import { type RunPhase, WinnowError } from '@winnow/plugin-api';
import type { RunStore } from './store/run-store.ts';

export const METRICS = 'metrics.jsonl';

/** One step's numbers. */
export interface MetricsRow {
  readonly phase: RunPhase;
  readonly step: number;
  readonly epoch: number;
  readonly [name: string]: number | string;
}

/** The rows of a run's `metrics.jsonl`, none where there is no file. Throws BAD_RUN naming the line that is damaged. */
export async function readMetrics(store: RunStore): Promise<MetricsRow[]> {
  const bytes = await store.read(METRICS);
  const lines = new TextDecoder().decode(bytes).split('\n');
  // Without its end of line, the last one was torn.
  return lines.slice(0, -1).map((line, i) => {
    try {
      return JSON.parse(line) as MetricsRow;
    } catch (cause) {
      throw new WinnowError('BAD_RUN', `Line ${i + 1} of ${store.place(METRICS)} is not JSON.`, {
        hint: 'Remove the run folder, or restore the file.',
        cause,
      });
    }
  });
}

/** `metrics.jsonl`, which holds every step once however often the run was interrupted. */
export class MetricsLog {
  readonly #store: RunStore;
  readonly #phase: RunPhase;
  #pending = '';
  #started = false;

  constructor(store: RunStore, phase: RunPhase) {
    this.#store = store;
    this.#phase = phase;
  }

  add(row: Omit<MetricsRow, 'phase'>): void {
    this.#pending += `${JSON.stringify({ phase: this.#phase, ...row })}\n`;
  }

  /** Appends what was added; the first time, without the steps that are now done again. */
  async flush(): Promise<void> {
    if (!this.#pending) return;
    if (!this.#started) {
      const { step } = JSON.parse(
        this.#pending.slice(0, this.#pending.indexOf('\n')),
      ) as MetricsRow;
      const rows = await readMetrics(this.#store);
      const kept = rows.filter((row) => row.phase !== this.#phase || row.step < step);
      await this.#store.write(METRICS, kept.map((row) => `${JSON.stringify(row)}\n`).join(''));
      this.#started = true;
    }
    await this.#store.append(METRICS, this.#pending);
    this.#pending = '';
  }
}
