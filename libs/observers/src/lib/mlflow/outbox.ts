import { setTimeout as pause } from 'node:timers/promises';

export interface OutboxSetting {
  /** How many are sent at a time. */
  readonly batch: number;
  /** How many may wait. */
  readonly most: number;
  /** How long to gather before few are sent. */
  readonly gatherMs: number;
}

/** What waits to be sent, in order, behind the back of who adds to it. */
export class Outbox<T> {
  readonly #send: (batch: readonly T[]) => Promise<void>;
  readonly #setting: OutboxSetting;
  readonly #closing = new AbortController();
  #waiting: T[] = [];
  #working: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #isFull = false;

  constructor(send: (batch: readonly T[]) => Promise<void>, setting: OutboxSetting) {
    this.#send = send;
    this.#setting = setting;
  }

  /** Whether something found no room; what came after it is not sent either, so that nothing is missing in between. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Throws what sending threw. */
  add(items: readonly T[]): void {
    if (this.#failure) throw this.#failure.error;
    this.#isFull ||= this.#waiting.length + items.length > this.#setting.most;
    if (this.#isFull || items.length === 0) return;
    this.#waiting.push(...items);
    this.#working ??= this.#work();
  }

  /** Sends what is left. Throws what sending threw. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#working;
    if (this.#failure) throw this.#failure.error;
  }

  async #work(): Promise<void> {
    const { batch, gatherMs } = this.#setting;
    const { signal } = this.#closing;
    try {
      do {
        if (this.#waiting.length < batch)
          await pause(gatherMs, undefined, { signal, ref: false }).catch(() => {});
        await this.#send(this.#waiting.splice(0, batch));
      } while (this.#waiting.length > 0);
    } catch (error) {
      this.#failure = { error };
      this.#waiting = [];
    }
    this.#working = undefined;
  }
}
