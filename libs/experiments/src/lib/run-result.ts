import type { MultiplyAdds, StoredBytes } from '@winnow/tickets';

/** What a finished run says: `result.json`. Accuracies are fractions. */
export interface RunResult {
  readonly method: string;
  readonly objective?: string;
  readonly model: string;
  readonly dataset: string;
  readonly seed: number;
  readonly start: 'init' | 'rewind';
  readonly rewindEpochs: number;
  readonly epochs: number;
  readonly backend: string;
  /** The density asked for; the one reached is kept / size. */
  readonly density: number;
  readonly kept: number;
  readonly size: number;
  readonly multiplyAdds: MultiplyAdds;
  readonly bytes: StoredBytes;
  readonly testAccuracy: number;
  readonly testLoss: number;
  readonly testExamples: number;
  readonly validationAccuracy: number;
  /** Validation accuracy of the ticket at the start point. */
  readonly accuracyBeforeTraining: number;
  readonly minutes: { readonly pretrain: number; readonly search: number; readonly train: number };
}
