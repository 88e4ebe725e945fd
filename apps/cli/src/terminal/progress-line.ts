import type { Clock } from '@winnow/plugin-api';
import type { Output } from './console.ts';
import { oneLine } from './one-line.ts';

const ON_TERMINAL_MS = 100;
const ELSEWHERE_MS = 10_000;

/** What is going on: one line that changes, or one every ten seconds where that is no terminal. */
export class ProgressLine {
  readonly #output: Output;
  readonly #clock: Clock;
  #shownAt: number;
  #open = false;

  constructor(output: Output, clock: Clock) {
    this.#output = output;
    this.#clock = clock;
    this.#shownAt = clock() - ON_TERMINAL_MS;
  }

  show(text: string): void {
    const { isTTY = false } = this.#output;
    if (this.#clock() - this.#shownAt < (isTTY ? ON_TERMINAL_MS : ELSEWHERE_MS)) return;
    this.#shownAt = this.#clock();
    const line = oneLine(text);
    this.#output.write(isTTY ? `\r\x1b[K${line}` : `${line}\n`);
    this.#open = isTTY;
  }

  end(): void {
    if (this.#open) this.#output.write('\r\x1b[K');
    this.#open = false;
  }
}
