import { decodeSafetensors } from '@winnow/files';
import { type Checkpoints, type Clock, type SavedState, systemClock } from '@winnow/plugin-api';
import { encodeState, stateIn } from './state-file.ts';

/** The place of one checkpoint's bytes, which are whole or absent. */
export interface CheckpointPlace {
  /** For errors. */
  readonly source: string;
  read(): Promise<Uint8Array | undefined>;
  write(bytes: Uint8Array): Promise<void>;
  remove(): Promise<void>;
}

/** A checkpoint as the bytes of a safetensors file; one is due `intervalMs` after the last. */
export class StoredCheckpoints implements Checkpoints {
  readonly #place: CheckpointPlace;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  #savedAt: number;

  constructor(place: CheckpointPlace, intervalMs: number, clock: Clock = systemClock) {
    this.#place = place;
    this.#intervalMs = intervalMs;
    this.#clock = clock;
    this.#savedAt = clock();
  }

  async load(): Promise<SavedState | undefined> {
    const bytes = await this.#place.read();
    return bytes && stateIn(decodeSafetensors(bytes, this.#place.source));
  }

  due(): boolean {
    return this.#clock() - this.#savedAt >= this.#intervalMs;
  }

  async save(state: SavedState): Promise<void> {
    await this.#place.write(encodeState(state));
    this.#savedAt = this.#clock();
  }

  async clear(): Promise<void> {
    await this.#place.remove();
  }
}
