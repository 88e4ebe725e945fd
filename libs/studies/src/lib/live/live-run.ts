import type {
  MetricsRow,
  PhaseProgress,
  RunConfig,
  RunFolder,
  RunResult,
} from '@winnow/experiments';
import { isWinnowError } from '@winnow/plugin-api';
import type { RunFailure } from '../execute/run-failure.ts';
import { type RunState, stateBeforeResult } from '../results/run-state.ts';
import { MetricsTail } from './metrics-tail.ts';
import { ThinnedRows } from './thinned-rows.ts';

/** So many points a phase say all that a plot can show. */
const MOST_ROWS = 400;

/** A run as its folder shows it now. */
export interface RunView {
  readonly folder: string;
  readonly config: RunConfig;
  /** `unreadable`: a file of it is damaged. */
  readonly state: RunState | 'unreadable';
  readonly result?: RunResult | undefined;
  readonly failure?: RunFailure | undefined;
  /** Why it is unreadable. */
  readonly problem?: string | undefined;
  /** Of the phase under way, as of its last checkpoint. */
  readonly progress?: PhaseProgress | undefined;
  /** So far, over all phases and processes. */
  readonly minutes: number;
  /** That the phase under way still needs, by what it has taken. */
  readonly minutesLeft: number;
  /** Steps' numbers so far, thinned out; none of a run that is done. */
  readonly rows: readonly MetricsRow[];
}

const SECONDS = 60;

/** A run that is looked at again and again while it changes. */
export class LiveRun {
  readonly folder: RunFolder;
  readonly #config: RunConfig;
  readonly #tail: MetricsTail;
  readonly #rows = new ThinnedRows(MOST_ROWS);
  view: RunView;

  constructor(folder: RunFolder, config: RunConfig) {
    this.folder = folder;
    this.#config = config;
    this.#tail = new MetricsTail(folder.metrics);
    const of = { folder: folder.path, config };
    this.view = { ...of, state: 'new', minutes: 0, minutesLeft: 0, rows: [] };
  }

  /** Brings the view up to date. What cannot be read is a state of it. */
  async look(): Promise<RunView> {
    const of = { folder: this.folder.path, config: this.#config };
    try {
      this.view = { ...of, ...(await this.#standing()) };
    } catch (error) {
      if (!isWinnowError(error)) throw error;
      const none = { minutes: 0, minutesLeft: 0, rows: [] };
      this.view = { ...of, ...none, state: 'unreadable', problem: error.sentence };
    }
    return this.view;
  }

  async #standing(): Promise<Omit<RunView, 'folder' | 'config'>> {
    const result = await this.folder.readResult();
    if (result) {
      this.#rows.clear();
      const minutes = Object.values(result.minutes).reduce((a, b) => a + b, 0);
      return { state: 'done', result, minutes, minutesLeft: 0, rows: [] };
    }
    const { state, failure } = await stateBeforeResult(this.folder);
    const [timings, progress] = [await this.folder.readTimings(), await this.folder.readProgress()];
    const { anew, rows } = await this.#tail.read();
    if (anew) this.#rows.clear();
    this.#rows.add(rows);
    const seconds = Object.values(timings).reduce((a, b) => a + b, 0);
    const phaseLeft = progress
      ? (timings[progress.phase] * (progress.steps - progress.step)) / progress.step
      : 0;
    return {
      state,
      failure,
      progress,
      minutes: seconds / SECONDS,
      minutesLeft: phaseLeft / SECONDS,
      rows: this.#rows.all(),
    };
  }
}
