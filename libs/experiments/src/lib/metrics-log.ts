import { type RunPhase, WinnowError } from '@winnow/plugin-api';
import { FORMAT } from './store/format.ts';
import { parseJson } from './store/json-document.ts';
import type { RunStore } from './store/run-store.ts';
import { asDocument } from './store/sealed-files.ts';
import { whatIsLeft } from './store/what-is-left.ts';

export const METRICS = 'metrics.jsonl';

/** One step's numbers, or a validation's. */
export interface MetricsRow {
  readonly phase: RunPhase;
  readonly step: number;
  readonly epoch: number;
  readonly [name: string]: number | string;
}

/** What the network is worth after a step, in a row of its own after that of the step. */
export interface Validation {
  readonly step: number;
  readonly epoch: number;
  /** A fraction. */
  readonly validationAccuracy: number;
  /** Mean cross-entropy in nats. */
  readonly validationLoss: number;
}

/** Grows from row to row of a phase, as they are written. */
const placeOf = (row: MetricsRow) => row.step + ('validationAccuracy' in row ? 0.5 : 0);

const HINT = whatIsLeft(METRICS);

/** Throws BAD_RUN naming the line that holds no step's numbers. */
function rowIn(line: string, number: number, place: string): MetricsRow {
  const row = parseJson(
    new TextEncoder().encode(line),
    `Line ${number} of ${place}`,
    HINT,
  ) as Partial<MetricsRow> | null;
  if (typeof row?.phase === 'string' && Number.isInteger(row.step) && Number.isInteger(row.epoch))
    return row as MetricsRow;
  throw new WinnowError('BAD_RUN', `Line ${number} of ${place} holds no step's numbers.`, {
    hint: HINT,
  });
}

/** The first line: the format, and the run that the steps are of. */
const headerOf = (run: string) => JSON.stringify({ format: FORMAT, run });

function assertOwn(line: string, run: string, place: string): void {
  const first = `Line 1 of ${place}`;
  const header = asDocument(parseJson(new TextEncoder().encode(line), first, HINT), first, HINT);
  if (header['run'] === run) return;
  throw new WinnowError('FOREIGN_FILE', `${place} is of another run.`, { hint: HINT });
}

/**
 * The rows of a run's `metrics.jsonl`, none where there is no file. Throws RUN_VERSION, FOREIGN_FILE where it is another
 * run's, BAD_RUN naming the line that is damaged.
 */
export async function readMetrics(store: RunStore, run: string): Promise<MetricsRow[]> {
  const bytes = await store.read(METRICS);
  const place = store.place(METRICS);
  // Without its end of line, the last one was torn.
  const lines = new TextDecoder().decode(bytes).split('\n').slice(0, -1);
  if (lines.length > 0) assertOwn(lines[0]!, run, place);
  return lines.slice(1).map((line, i) => rowIn(line, i + 2, place));
}

/** What a run's steps are read and written by. */
interface Metered {
  readonly store: RunStore;
  identity(): Promise<string>;
  readMetrics(): Promise<MetricsRow[]>;
}

/** Writes a run's rows anew. */
async function writeRows(store: RunStore, run: string, rows: readonly MetricsRow[]): Promise<void> {
  const lines = [headerOf(run), ...rows.map((row) => JSON.stringify(row))];
  await store.write(METRICS, lines.map((line) => `${line}\n`).join(''));
}

/** Gives a run the steps of another one that are as its own would be, in place of those that it has of their kind. */
export async function copyMetrics(
  from: Metered,
  to: Metered,
  isShared: (row: MetricsRow) => boolean,
): Promise<void> {
  const shared = (await from.readMetrics()).filter(isShared);
  if (shared.length === 0) return;
  const phases = new Set(shared.map(({ phase }) => phase));
  const own = (await to.readMetrics()).filter(({ phase }) => !phases.has(phase));
  await writeRows(to.store, await to.identity(), [...own, ...shared]);
}

/** `metrics.jsonl`, which holds every step once however often the run was interrupted. */
export class MetricsLog {
  readonly #store: RunStore;
  readonly #run: string;
  readonly #phase: RunPhase;
  #pending = '';
  #started = false;

  /** `run` is the identity of the run. */
  constructor(store: RunStore, run: string, phase: RunPhase) {
    this.#store = store;
    this.#run = run;
    this.#phase = phase;
  }

  add(row: Omit<MetricsRow, 'phase'> | Validation): void {
    this.#pending += `${JSON.stringify({ phase: this.#phase, ...row })}\n`;
  }

  /** Appends what was added; the first time, without the steps that are now done again. */
  async flush(): Promise<void> {
    if (!this.#pending) return;
    if (!this.#started) {
      const first = JSON.parse(this.#pending.slice(0, this.#pending.indexOf('\n'))) as MetricsRow;
      const rows = await readMetrics(this.#store, this.#run);
      const kept = rows.filter((row) => row.phase !== this.#phase || placeOf(row) < placeOf(first));
      await writeRows(this.#store, this.#run, kept);
      this.#started = true;
    }
    await this.#store.append(METRICS, this.#pending);
    this.#pending = '';
  }
}
