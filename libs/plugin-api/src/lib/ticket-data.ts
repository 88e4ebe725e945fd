/** Where a ticket comes from. */
export interface TicketProvenance {
  readonly method: string;
  /** As they were given, as far as they are plain data. */
  readonly methodOptions?: Readonly<Record<string, unknown>>;
  readonly objective?: string;
  /** As they were given, as far as they are plain data. */
  readonly objectiveOptions?: Readonly<Record<string, unknown>>;
  /** The density asked for, κ. */
  readonly density: number;
  /** Of single layers, by pattern, where they were given densities of their own. */
  readonly layerDensities?: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly model: string;
  /** SHA-256 (hex) of the parameters that the ticket was found on and trains from. */
  readonly weightsHash: string;
  /** Parameters that could have been pruned, and that the user kept from it. */
  readonly leftOut?: readonly string[];
  /** What a reader of the ticket should know about how it was made. */
  readonly notes?: readonly string[];
}

/** The mask of one prunable parameter. */
export interface LayerMask {
  /** The parameter's shape, PyTorch's layout. */
  readonly shape: readonly number[];
  /** 1 keeps a weight, 0 removes it; row-major. */
  readonly kept: Uint8Array;
}

/** One score a weight, row-major. */
export interface LayerScores {
  /** The parameter's shape, PyTorch's layout. */
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/** A ticket as plain data: one mask a prunable parameter, in the network's order. */
export interface TicketData {
  readonly layers: ReadonlyMap<string, LayerMask>;
  readonly provenance: TicketProvenance;
  /** The one ranking of all weights that the ticket keeps the top of; none where it came about in rounds. */
  readonly scores?: ReadonlyMap<string, LayerScores>;
}
