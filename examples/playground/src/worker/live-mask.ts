import type { SavedState } from '@winnow/plugin-api';
import { MemoryCheckpoints } from '@winnow/training';

/** So that the picture moves, and the search hardly slows down. */
const EVERY_MS = 150;

/** Checkpoints of a search that show its logits now and then; they change no bit of it. */
export class LiveCheckpoints extends MemoryCheckpoints {
  readonly #show: (logits: Float32Array) => void;
  #last = 0;

  constructor(show: (logits: Float32Array) => void) {
    super();
    this.#show = show;
  }

  override due(): boolean {
    return performance.now() - this.#last >= EVERY_MS;
  }

  override async save(state: SavedState): Promise<void> {
    this.#last = performance.now();
    const [, logits] =
      Object.entries(state.arrays).find(([path]) => path.split('/').at(-1) === 'logits') ?? [];
    if (logits) this.#show(logits);
    await super.save(state);
  }
}
