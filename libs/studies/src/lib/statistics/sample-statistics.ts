import { meanAndDeviation } from '@winnow/report';
import { confidentReach } from './confidence.ts';

/** Of one or more values; what takes two is null of a single one. */
export interface SampleStatistics {
  readonly n: number;
  readonly mean: number;
  /** Of the sample: over n − 1. */
  readonly deviation: number | null;
  /** Within which the mean lies with 95 % confidence, by Student's t. */
  readonly interval: readonly [low: number, high: number] | null;
}

export function sampleStatistics(values: readonly number[]): SampleStatistics {
  const n = values.length;
  const { mean, std } = meanAndDeviation(values);
  if (n < 2) return { n, mean, deviation: null, interval: null };
  const reach = (std / Math.sqrt(n)) * confidentReach(n - 1);
  return { n, mean, deviation: std, interval: [mean - reach, mean + reach] };
}
