import { rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import type { Checkpoints, SavedState } from '@winnow/plugin-api';
import { readSafetensors, writeWhole } from '@winnow/files/disk';
import { encodeState, stateIn } from './state-file.ts';

/** A checkpoint as one safetensors file, written whole. */
export class FileCheckpoints implements Checkpoints {
  readonly #path: string;
  readonly #intervalMs: number;
  #savedAt = performance.now();

  constructor(path: string, intervalMs: number) {
    this.#path = path;
    this.#intervalMs = intervalMs;
  }

  async load(): Promise<SavedState | undefined> {
    if (!existsSync(this.#path)) return undefined;
    return stateIn(await readSafetensors(this.#path));
  }

  due(): boolean {
    return performance.now() - this.#savedAt >= this.#intervalMs;
  }

  async save(state: SavedState): Promise<void> {
    await writeWhole(this.#path, encodeState(state));
    this.#savedAt = performance.now();
  }

  async clear(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}
