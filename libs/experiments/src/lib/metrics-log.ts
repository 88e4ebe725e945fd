import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { writeWhole } from '@winnow/files/disk';
import { WinnowError } from '@winnow/plugin-api';
import type { Phase } from './phase.ts';

/** One step's numbers. */
export interface MetricsRow {
  readonly phase: Phase;
  readonly step: number;
  readonly epoch: number;
  readonly [name: string]: number | string;
}

/** The rows of a `metrics.jsonl`, none where there is no file. Throws BAD_RUN naming the line that is damaged. */
export async function readMetrics(path: string): Promise<MetricsRow[]> {
  if (!existsSync(path)) return [];
  const lines = (await readFile(path, 'utf8')).split('\n');
  // Without its end of line, the last one was torn.
  return lines.slice(0, -1).map((line, i) => {
    try {
      return JSON.parse(line) as MetricsRow;
    } catch (cause) {
      throw new WinnowError('BAD_RUN', `Line ${i + 1} of ${path} is not JSON.`, {
        hint: 'Remove the run folder, or restore the file.',
        cause,
      });
    }
  });
}

/** `metrics.jsonl`, which holds every step once however often the run was interrupted. */
export class MetricsLog {
  readonly #path: string;
  readonly #phase: Phase;
  #pending = '';
  #started = false;

  constructor(path: string, phase: Phase) {
    this.#path = path;
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
      const rows = await readMetrics(this.#path);
      const kept = rows.filter((row) => row.phase !== this.#phase || row.step < step);
      await writeWhole(this.#path, kept.map((row) => `${JSON.stringify(row)}\n`).join(''));
      this.#started = true;
    }
    try {
      await appendFile(this.#path, this.#pending);
    } catch (cause) {
      const reason = (cause as Error).message;
      throw new WinnowError('FILE_NOT_WRITABLE', `Cannot write ${this.#path} (${reason}).`, {
        hint: 'Make room, or choose a folder that you may write to.',
        cause,
      });
    }
    this.#pending = '';
  }
}
