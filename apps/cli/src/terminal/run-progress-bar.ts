import type { Clock, RunEvent, RunObserver, RunPhase } from '@winnow/plugin-api';
import { durationText } from '@winnow/report';
import { Presets, SingleBar } from 'cli-progress';
import type { Output } from './console.ts';
import { environmentNote } from './environment-note.ts';
import { oneLine } from './one-line.ts';

const PHASES = {
  pretrain: 'dense training',
  search: 'search',
  train: 'sparse training',
  evaluate: 'evaluation',
  freeze: 'statistics',
} as const;

/** A step of a run, or of what is done with a finished one. */
export type ShownStep = Omit<Extract<RunEvent, { type: 'step' }>, 'type' | 'phase'> & {
  readonly phase: RunPhase | 'freeze';
};
/** How long the mean of the speed reaches back. */
const SPEED_WINDOW_MS = 10_000;

function describe(values: Readonly<Record<string, number>>): string {
  return Object.entries(values)
    .filter(([name]) => !['learningRate', 'gradientNorm', 'targetDensity'].includes(name))
    .map(([name, value]) => `${oneLine(name)} ${value.toPrecision(3)}`)
    .join('  ');
}

/** One line of live progress a phase; a line every ten seconds where that is no terminal. */
export class RunProgressBar implements RunObserver {
  readonly #output: Output;
  readonly #clock: Clock;
  #bar: SingleBar | undefined;
  #phase = '';
  #recent: { readonly atMs: number; readonly images: number; readonly step: number }[] = [];
  #images = 0;

  constructor(output: Output, clock: Clock) {
    this.#output = output;
    this.#clock = clock;
  }

  on(event: RunEvent): void {
    if (event.type === 'step') this.update(event);
    if (event.type === 'environment') this.#output.write(environmentNote(event));
    if (event.type === 'ticket') this.#tellTicket(event);
  }

  close(): Promise<void> {
    this.stop();
    return Promise.resolve();
  }

  update(progress: ShownStep): void {
    const { phase, step, steps, epoch, epochs, values } = progress;
    if (phase !== this.#phase) this.#begin(phase, steps);
    const atMs = this.#clock();
    this.#images += progress.images;
    this.#recent.push({ atMs, images: this.#images, step });
    while (this.#recent.length > 2 && atMs - this.#recent[0]!.atMs > SPEED_WINDOW_MS)
      this.#recent.shift();
    const first = this.#recent[0]!;
    const seconds = (atMs - first.atMs) / 1000;
    const known = seconds > 0;
    this.#bar?.update(step, {
      at: `epoch ${epoch + 1}/${epochs}`,
      values: describe(values),
      speed: known ? `${Math.round((this.#images - first.images) / seconds)} images/s` : '',
      left: known
        ? `${durationText(((steps - step) * seconds) / (step - first.step) / 60)} left`
        : '',
    });
  }

  /** Under the bar of the search, which is over. */
  #tellTicket({ notes = [] }: Extract<RunEvent, { readonly type: 'ticket' }>): void {
    this.stop();
    for (const note of notes) this.#output.write(`note: ${oneLine(note)}\n`);
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
    this.#phase = '';
  }

  #begin(phase: ShownStep['phase'], steps: number): void {
    this.stop();
    this.#phase = phase;
    this.#recent = [];
    this.#images = 0;
    this.#bar = new SingleBar(
      {
        format: `${PHASES[phase].padEnd(15)} {bar} {percentage}%  {at}  {values}  {speed}  {left}`,
        barsize: 20,
        hideCursor: true,
        noTTYOutput: true,
        notTTYSchedule: 10_000,
        stream: this.#output,
      },
      Presets.shades_classic,
    );
    this.#bar.start(steps, 0, { at: '', values: '', speed: '', left: '' });
  }
}
