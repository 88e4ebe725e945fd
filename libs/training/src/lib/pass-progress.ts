/** Where one pass over a source is; one a batch. */
export interface PassProgress {
  /** Batches done and batches in all. */
  readonly step: number;
  readonly steps: number;
  /** Images in this batch. */
  readonly images: number;
}
