/** Milliseconds of a batch, medians of a few steps; null where one would take too long to be measured. */
export interface StepMs {
  readonly train: number | null;
  readonly inference: number | null;
}

/** How fast a run's network is on the machine that finished the run: `speed.json`. */
export interface Speed {
  /** Images in a batch. */
  readonly batch: number;
  readonly backend: string;
  /** Of `native`; 1 elsewhere. */
  readonly threads: number;
  /** The instruction set of `native`. */
  readonly instructions?: string;
  /** With all weights. */
  readonly dense: StepMs;
  /** Under the ticket, by the roads that the run takes. */
  readonly ticket?: StepMs;
}
