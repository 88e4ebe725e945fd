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

const told = (ms: number | null) => (ms === null ? 'takes too long to be measured' : `${ms} ms`);

/** What was measured, in words: where, and a row each for a training step and inference, of the dense network and the ticket. */
export function tellSpeed({ dense, ticket, ...facts }: Speed) {
  const threads = `${facts.threads} ${facts.threads === 1 ? 'thread' : 'threads'}`;
  const place = [facts.backend, threads, facts.instructions].filter(Boolean).join(', ');
  const row = (name: string, of: keyof StepMs): string[] => [
    name,
    told(dense[of]),
    ...(ticket ? [told(ticket[of])] : []),
  ];
  return {
    heading: `One batch of ${facts.batch} images, measured once on ${place}`,
    columns: ['', 'dense', ...(ticket ? ['ticket'] : [])],
    rows: [row('training step', 'train'), row('inference', 'inference')],
  };
}
