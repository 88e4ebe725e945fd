import type { Checkpoints, SavedState } from '@winnow/plugin-api';
import { multiplyAddsSoFar } from '@winnow/tensor-backend';

/** Keeps the multiply-adds and seconds with the state that they made, so that steps that are done again count once. */
export class CountedCheckpoints implements Checkpoints {
  readonly #kept: Checkpoints;
  #loaded = false;
  /** Unknown where an earlier version of Winnow began the work. */
  #earlier: number | undefined = 0;
  #since = multiplyAddsSoFar();
  #earlierSeconds = 0;
  #startedAt = performance.now();
  readonly #secondsOfOld: number;
  readonly #afterSave: (seconds: number) => Promise<void>;

  /**
   * `secondsOfOld` led to a state that an earlier version of Winnow saved without them; `afterSave` gets those that led to
   * the state just saved.
   */
  constructor(
    kept: Checkpoints,
    secondsOfOld: number,
    afterSave: (seconds: number) => Promise<void>,
  ) {
    this.#kept = kept;
    this.#secondsOfOld = secondsOfOld;
    this.#afterSave = afterSave;
  }

  /** What led to the present state, interrupted processes included. */
  get multiplyAdds(): number | undefined {
    return this.#earlier === undefined
      ? undefined
      : this.#earlier + multiplyAddsSoFar() - this.#since;
  }

  /** Of the work that led to the present state, interrupted processes included. */
  get seconds(): number {
    return this.#earlierSeconds + (performance.now() - this.#startedAt) / 1000;
  }

  async load(): Promise<SavedState | undefined> {
    const saved = await this.#kept.load();
    if (saved && !this.#loaded) {
      this.#earlier = saved.values['multiplyAdds'] as number | undefined;
      this.#since = multiplyAddsSoFar();
      this.#earlierSeconds = (saved.values['seconds'] as number | undefined) ?? this.#secondsOfOld;
      this.#startedAt = performance.now();
    }
    this.#loaded = true;
    return saved;
  }

  due(): boolean {
    return this.#kept.due();
  }

  async save({ arrays, values }: SavedState): Promise<void> {
    const { multiplyAdds, seconds } = this;
    await this.#kept.save({ arrays, values: { ...values, multiplyAdds, seconds } });
    await this.#afterSave(seconds);
  }
}
