import type { Batch, NamedTensors, Network } from '@winnow/plugin-api';
import type { Packing } from '@winnow/models';

/** What weights are scored from. */
export interface ScoringInput {
  readonly network: Network;
  readonly parameters: NamedTensors;
  /** Packs the prunable parameters: scores and masks have its size and order. */
  readonly prunable: Packing;
  /** 0/1; what earlier rounds have kept. All, where there is none. */
  readonly mask: Float32Array | undefined;
  /** Examples on the device; none for scorers that need none. */
  readonly batches: readonly Batch[];
  /** N(0, 1) for each prunable weight, for scorers that perturb. */
  readonly normals: () => Float32Array;
}

/** Gives every prunable weight a number. */
export interface Scorer {
  readonly name: string;
  /** Which end of the scores stays. */
  readonly keep: 'largest' | 'lowest';
  readonly needsExamples: boolean;
  /** What a reader of the ticket should know. */
  readonly notes?: readonly string[];
  score(input: ScoringInput): Float32Array;
}
