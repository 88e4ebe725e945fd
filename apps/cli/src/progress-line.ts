const ON_TERMINAL_MS = 100;
const ELSEWHERE_MS = 10_000;

/** What is going on, on standard error: one line that changes, or one every ten seconds where that is no terminal. */
export class ProgressLine {
  #shownAt = performance.now() - ON_TERMINAL_MS;
  #open = false;

  show(text: string): void {
    const { isTTY } = process.stderr;
    if (performance.now() - this.#shownAt < (isTTY ? ON_TERMINAL_MS : ELSEWHERE_MS)) return;
    this.#shownAt = performance.now();
    process.stderr.write(isTTY ? `\r\x1b[K${text}` : `${text}\n`);
    this.#open = isTTY;
  }

  end(): void {
    if (this.#open) process.stderr.write('\r\x1b[K');
    this.#open = false;
  }
}
