import { rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import type { Checkpoints, SavedState } from '@winnow/plugin-api';
import { readSafetensors, writeSafetensors } from '@winnow/files';

/** A checkpoint as one safetensors file, written whole: arrays as tensors, plain values as JSON in its metadata. */
export class FileCheckpoints implements Checkpoints {
  readonly #path: string;
  readonly #intervalMs: number;
  readonly #beforeSave: () => Promise<void>;
  #savedAt = performance.now();

  /** `beforeSave` makes durable whatever else must be as new as the checkpoint. */
  constructor(path: string, intervalMs: number, beforeSave: () => Promise<void> = async () => {}) {
    this.#path = path;
    this.#intervalMs = intervalMs;
    this.#beforeSave = beforeSave;
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
    await this.#beforeSave();
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
