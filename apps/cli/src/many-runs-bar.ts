import type { Job } from '@winnow/experiments';
import type { RunEvent, RunPhase } from '@winnow/plugin-api';
import type { SingleBar } from 'cli-progress';
import { plainBar } from './plain-bar.ts';

/** Where each phase of a run begins and ends, as shares of its time. */
export type PhaseShares = Readonly<Record<RunPhase, readonly [number, number]>>;

export const WHOLE_RUN: PhaseShares = {
  pretrain: [0, 0.1],
  search: [0.1, 0.6],
  train: [0.6, 0.98],
  evaluate: [0.98, 1],
};
export const SEARCH_ALONE: PhaseShares = {
  pretrain: [0, 0.2],
  search: [0.2, 1],
  train: [1, 1],
  evaluate: [1, 1],
};

/** One line of progress over runs in several processes, on standard error. */
export class ManyRunsBar {
  readonly #done = new Map<string, number>();
  readonly #count: number;
  readonly #shares: PhaseShares;
  readonly #bar: SingleBar;

  constructor(
    title: string,
    { count, quiet, shares = WHOLE_RUN }: { count: number; quiet: boolean; shares?: PhaseShares },
  ) {
    this.#count = count;
    this.#shares = shares;
    this.#bar = plainBar(title, quiet);
    this.#bar.start(100, 0, { note: '' });
  }

  /** Of what a run tells, the steps move the bar. */
  update({ name }: Job, event: RunEvent): void {
    if (event.type !== 'step') return;
    const { phase, step, steps, epoch, epochs } = event;
    const [from, to] = this.#shares[phase];
    this.#done.set(name, from + ((to - from) * step) / steps);
    this.#show(`${name}: ${phase}, epoch ${epoch + 1}/${epochs}`);
  }

  /** For a run that was done before. */
  finished(name: string): void {
    this.#done.set(name, 1);
    this.#show('');
  }

  stop(): void {
    this.#bar.stop();
  }

  #show(note: string): void {
    const sum = [...this.#done.values()].reduce((a, b) => a + b, 0);
    this.#bar.update(Math.floor((100 * sum) / this.#count), { note });
  }
}
