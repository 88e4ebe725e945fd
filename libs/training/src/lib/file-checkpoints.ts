import { rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import type { Checkpoints, SavedState } from '@winnow/plugin-api';
import { readSafetensors, writeSafetensors } from '@winnow/files/disk';

/** A checkpoint as one safetensors file, written whole: arrays as tensors, plain values as JSON in its metadata. */
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
    const { tensors, metadata } = await readSafetensors(this.#path);
    return {
      arrays: Object.fromEntries([...tensors].map(([name, t]) => [name, t.data as Float32Array])),
      values: JSON.parse(metadata['values'] ?? '{}') as SavedState['values'],
    };
  }

  due(): boolean {
    return performance.now() - this.#savedAt >= this.#intervalMs;
  }

  async save({ arrays, values }: SavedState): Promise<void> {
    await writeSafetensors(
      this.#path,
      Object.entries(arrays).map(([name, data]) => [name, { shape: [data.length], data }] as const),
      { values: JSON.stringify(values) },
    );
    this.#savedAt = performance.now();
  }

  async clear(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}
