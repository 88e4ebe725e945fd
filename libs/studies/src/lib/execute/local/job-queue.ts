import type { RunJob } from '@winnow/plugin-api';

/** Jobs in their order, each ready once those that it waits for are over. */
export class JobQueue<J extends RunJob> {
  readonly #waiting: { readonly job: J; readonly notBefore: number }[];
  readonly #over = new Set<RunJob>();
  #under = 0;
  #wake: (() => void)[] = [];
  #closed = false;

  constructor(jobs: readonly J[]) {
    this.#waiting = jobs.map((job) => ({ job, notBefore: 0 }));
  }

  /** The next one, waited for until there is one; nothing once all are over, or the queue is closed. */
  async next(): Promise<J | undefined> {
    while (!this.#closed && this.#waiting.length + this.#under > 0) {
      const now = Date.now();
      const isReady = ({ job }: { readonly job: J }) =>
        job.after.every((other) => this.#over.has(other));
      const at = this.#waiting.findIndex((one) => one.notBefore <= now && isReady(one));
      if (at >= 0) {
        this.#under++;
        return this.#waiting.splice(at, 1)[0]!.job;
      }
      const later = this.#waiting.filter(isReady).map(({ notBefore }) => notBefore - now);
      await this.#change(Math.min(...later));
    }
    return undefined;
  }

  /** A job that was taken is over. */
  end(job: J): void {
    this.#over.add(job);
    this.#under--;
    this.#wakeAll();
  }

  /** A job that was taken is to be taken again, behind the others and after so many milliseconds. */
  putBack(job: J, delayMs: number): void {
    this.#waiting.push({ job, notBefore: Date.now() + delayMs });
    this.#under--;
    this.#wakeAll();
  }

  /** Gives out no more. */
  close(): void {
    this.#closed = true;
    this.#wakeAll();
  }

  /** Until something happens, or so many milliseconds have passed. */
  #change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(() => resolve(), ms) : undefined;
      this.#wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #wakeAll(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const one of wake) one();
  }
}
