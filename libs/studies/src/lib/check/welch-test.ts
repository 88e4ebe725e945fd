import jstat from 'jstat';

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

/** Of every interval that is told. */
export const CONFIDENCE = 0.95;

function mean(values: readonly number[]): number {
  // Summing equal values and dividing can miss them by a rounding, and so make a spread where there is none.
  if (values.every((value) => value === values[0])) return values[0]!;
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** The squared standard error of the mean. */
function squaredError(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return squares / (values.length - 1) / values.length;
}

/**
 * Welch's two-sided t test of two samples of two or more, whose variances may differ (Biometrika 34, 1947). Samples
 * without any spread differ for certain, or not at all.
 */
export function welchTest(a: readonly number[], b: readonly number[]): WelchTest {
  const difference = mean(a) - mean(b);
  const [ea, eb] = [squaredError(a), squaredError(b)];
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
  const { studentt } = jstat.jStat;
  const reach = error * studentt.inv((1 + CONFIDENCE) / 2, degreesOfFreedom);
  return {
    difference,
    interval: [difference - reach, difference + reach],
    statistic,
    degreesOfFreedom,
    p: 2 * studentt.cdf(-Math.abs(statistic), degreesOfFreedom),
  };
}
