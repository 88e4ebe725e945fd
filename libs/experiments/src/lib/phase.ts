import type { RunPhase } from '@winnow/plugin-api';

/** Seconds of work that was kept, by phase. */
export type Timings = Readonly<Record<RunPhase, number>>;

/** Multiply-adds by phase, as `multiplyAddsSoFar` of `@winnow/tensor-backend` counts; none where it is not known. */
export type MultiplyAddsSpent = Readonly<Partial<Record<RunPhase, number>>>;

/** How far a phase under way was at its last checkpoint. */
export interface PhaseProgress {
  readonly phase: RunPhase;
  /** Steps done, and steps in all. */
  readonly step: number;
  readonly steps: number;
  /** From 0, and how many there are. */
  readonly epoch: number;
  readonly epochs: number;
}
