/** What a run spends its time on, in this order. */
export type Phase = 'pretrain' | 'search' | 'train';

/** Seconds of work that was kept, by phase. */
export type Timings = Readonly<Record<Phase, number>>;

/** Multiply-adds by phase, as `multiplyAddsSoFar` of `@winnow/tensor-backend` counts; none where it is not known. */
export type MultiplyAddsSpent = Readonly<Partial<Record<Phase, number>>>;
