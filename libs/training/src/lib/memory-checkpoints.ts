import type { Checkpoints, SavedState } from '@winnow/plugin-api';

/** A checkpoint in memory: work that was stopped goes on from it in the same process. Nothing is ever due. */
export class MemoryCheckpoints implements Checkpoints {
  #saved: SavedState | undefined;

  load(): Promise<SavedState | undefined> {
    return Promise.resolve(structuredClone(this.#saved));
  }

  due(): boolean {
    return false;
  }

  /** Keeps a copy, since work goes on in its arrays. */
  save(state: SavedState): Promise<void> {
    this.#saved = structuredClone(state);
    return Promise.resolve();
  }
}
