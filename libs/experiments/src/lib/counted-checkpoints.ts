import type { Checkpoints, SavedState } from '@winnow/plugin-api';
import { multiplyAddsSoFar } from '@winnow/tensor-backend';

/** Keeps the count of multiply-adds with the state that they made, so that steps that are done again count once. */
export class CountedCheckpoints implements Checkpoints {
  readonly #kept: Checkpoints;
  #loaded = false;
  /** Unknown where an earlier version of Winnow began the work. */
  #earlier: number | undefined = 0;
  #since = multiplyAddsSoFar();

  constructor(kept: Checkpoints) {
    this.#kept = kept;
  }

  /** What led to the present state, interrupted processes included. */
  get multiplyAdds(): number | undefined {
    return this.#earlier === undefined
      ? undefined
      : this.#earlier + multiplyAddsSoFar() - this.#since;
  }

  async load(): Promise<SavedState | undefined> {
    const saved = await this.#kept.load();
    if (saved && !this.#loaded) {
      this.#earlier = saved.values['multiplyAdds'] as number | undefined;
      this.#since = multiplyAddsSoFar();
    }
    this.#loaded = true;
    return saved;
  }

  due(): boolean {
    return this.#kept.due();
  }

  async save({ arrays, values }: SavedState): Promise<void> {
    await this.#kept.save({ arrays, values: { ...values, multiplyAdds: this.multiplyAdds } });
  }
}
