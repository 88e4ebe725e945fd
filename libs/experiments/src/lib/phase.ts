import type { RunPhase } from '@winnow/plugin-api';

/** Seconds of work that was kept, by phase. */
export type Timings = Readonly<Record<RunPhase, number>>;

/** Multiply-adds by phase, as `multiplyAddsSoFar` of `@winnow/tensor-backend` counts; none where it is not known. */
export type MultiplyAddsSpent = Readonly<Partial<Record<RunPhase, number>>>;
