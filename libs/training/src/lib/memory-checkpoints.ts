import { decodeSafetensors } from '@winnow/files';
import type { Checkpoints, SavedState } from '@winnow/plugin-api';
import { encodeState, stateIn } from './state-file.ts';

/**
 * A checkpoint in memory, as the bytes of its file, so that what no file could hold is lost here too: work that was stopped
 * goes on from it in the same process. Nothing is ever due.
 */
export class MemoryCheckpoints implements Checkpoints {
  #saved: Uint8Array | undefined;

  load(): Promise<SavedState | undefined> {
    const saved = this.#saved && stateIn(decodeSafetensors(this.#saved, 'The checkpoint'));
    return Promise.resolve(saved);
  }

  due(): boolean {
    return false;
  }

  save(state: SavedState): Promise<void> {
    this.#saved = encodeState(state);
    return Promise.resolve();
  }
}
