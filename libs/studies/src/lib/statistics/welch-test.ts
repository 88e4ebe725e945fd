import { meanAndDeviation } from '@winnow/report';
import jstat from 'jstat';
import { confidentReach } from './confidence.ts';

/** Of a difference of means. */
export interface WelchTest {
  readonly difference: number;
  /** Within which the difference lies with 95 % confidence. */
  readonly interval: readonly [number, number];
  /** t; null where neither sample has any spread. */
  readonly statistic: number | null;
  readonly degreesOfFreedom: number;
  /** Two-sided. */
  readonly p: number;
}

/** Mean, and its squared standard error. */
function meanAndError(values: readonly number[]): readonly [mean: number, squaredError: number] {
  const { mean, std } = meanAndDeviation(values);
  return [mean, std ** 2 / values.length];
}

/**
 * Welch's two-sided t test of two samples of two or more, whose variances may differ (Biometrika 34, 1947). Samples
 * without any spread differ for certain, or not at all. Throws RangeError for samples of fewer.
 */
export function welchTest(a: readonly number[], b: readonly number[]): WelchTest {
  if (a.length < 2 || b.length < 2)
    throw new RangeError(
      `Samples of ${a.length} and ${b.length} have no test: two of each are needed.`,
    );
  const [[meanA, ea], [meanB, eb]] = [meanAndError(a), meanAndError(b)];
  const difference = meanA - meanB;
  const error = Math.sqrt(ea + eb);
  if (error === 0) {
    return {
      difference,
      interval: [difference, difference],
      statistic: null,
      degreesOfFreedom: a.length + b.length - 2,
      p: difference === 0 ? 1 : 0,
    };
  }
  const statistic = difference / error;
  const degreesOfFreedom = (ea + eb) ** 2 / (ea ** 2 / (a.length - 1) + eb ** 2 / (b.length - 1));
  const reach = error * confidentReach(degreesOfFreedom);
  return {
    difference,
    interval: [difference - reach, difference + reach],
    statistic,
    degreesOfFreedom,
    p: 2 * jstat.jStat.studentt.cdf(-Math.abs(statistic), degreesOfFreedom),
  };
}
