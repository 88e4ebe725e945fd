/** State of interrupted work: arrays, and plain values that survive JSON. */
export interface SavedState {
  readonly arrays: Readonly<Record<string, Float32Array>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Where long work keeps its state. */
export interface Checkpoints {
  load(): Promise<SavedState | undefined>;
  /** True when enough time has passed since the last save for another one. */
  due(): boolean;
  save(state: SavedState): Promise<void>;
}

/** Checkpoints whose owner gives parts of its work places of their own. */
export interface ScopedCheckpoints extends Checkpoints {
  /**
   * The checkpoints of a part of the work. What is saved there goes with what the owner saved last; when the owner or another
   * part saves, the part is over, and its state is dropped.
   */
  scope(name: string): ScopedCheckpoints;
}
