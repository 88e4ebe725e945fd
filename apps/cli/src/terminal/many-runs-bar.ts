import type { RunEvent, RunPhase } from '@winnow/plugin-api';
import type { StudyEvent, StudyTask } from '@winnow/studies';
import type { SingleBar } from 'cli-progress';
import type { Output } from './console.ts';
import { environmentNote } from './environment-note.ts';
import { oneLine } from './one-line.ts';
import { plainBar } from './plain-bar.ts';

/** Where each phase of a run begins and ends, as shares of its time. */
type PhaseShares = Readonly<Record<RunPhase, readonly [number, number]>>;

const WHOLE_RUN: PhaseShares = {
  pretrain: [0, 0.1],
  search: [0.1, 0.6],
  train: [0.6, 0.98],
  evaluate: [0.98, 1],
};
const SEARCH_ALONE: PhaseShares = {
  pretrain: [0, 0.2],
  search: [0.2, 1],
  train: [1, 1],
  evaluate: [1, 1],
};

/** One line of progress over many runs, a task after another. */
export class ManyRunsBar {
  readonly #output: Output;
  readonly #done = new Map<string, number>();
  readonly #told = new Set<string>();
  readonly #reasons = new Set<string>();
  #count = 0;
  #shares = WHOLE_RUN;
  #bar: SingleBar | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  on(event: StudyEvent): void {
    switch (event.type) {
      case 'task':
        return this.#begin(event.task, event.runs);
      case 'run':
        return this.#follow(event.run, event.event);
      case 'failed':
        return this.#tellFailure(event.run, event.reason);
      case 'done':
        this.#done.set(event.run, 1);
        return this.#show(event.run);
    }
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #begin(task: StudyTask, runs: number): void {
    this.stop();
    this.#count = runs;
    this.#done.clear();
    this.#shares = task === 'search' ? SEARCH_ALONE : WHOLE_RUN;
    this.#bar = plainBar(task, this.#output);
    this.#bar.start(100, 0, { note: '' });
  }

  #follow(run: string, event: RunEvent): void {
    if (event.type === 'environment') return this.#tell(environmentNote(event));
    if (event.type === 'ticket') return this.#tellTicket(run, event);
    if (event.type !== 'step') return;
    const { phase, step, steps, epoch, epochs } = event;
    const [from, to] = this.#shares[phase];
    this.#done.set(run, from + ((to - from) * step) / steps);
    this.#show(`${run}: ${phase}, epoch ${epoch + 1}/${epochs}`);
  }

  /** A reason of many runs is told once. */
  #tellFailure(run: string, reason: string): void {
    const what = this.#reasons.has(reason)
      ? 'failed for a reason told before'
      : `failed: ${reason}`;
    this.#reasons.add(reason);
    this.#tell(`note: ${oneLine(`${run} ${what}`)}\n`);
  }

  #tellTicket(run: string, { notes = [] }: Extract<RunEvent, { readonly type: 'ticket' }>): void {
    for (const note of notes) this.#tell(note, `note: ${oneLine(`${run}: ${note}`)}\n`);
  }

  /** What is true of many runs is told once. */
  #tell(what: string, note = what): void {
    if (!this.#told.has(what)) this.#output.write(note);
    this.#told.add(what);
  }

  #show(note: string): void {
    const sum = [...this.#done.values()].reduce((a, b) => a + b, 0);
    this.#bar?.update(Math.floor((100 * sum) / this.#count), { note: oneLine(note) });
  }
}
