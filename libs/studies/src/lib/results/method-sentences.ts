import { densityText, fixed, groupBy, meanAndDeviation } from '@winnow/report';
import { type WelchTest, welchTest } from '../statistics/welch-test.ts';
import type { ResultRow } from './result-rows.ts';

/** Beyond it the table tells more than sentences do. */
const MOST_OTHERS = 8;

const points = (fraction: number) => fixed(100 * fraction, 1).replace('-', '−');
const pText = (p: number) => (p < 0.001 ? 'p < 0.001' : `p = ${Number(p.toPrecision(2))}`);

interface Sample {
  readonly method: string;
  readonly values: readonly number[];
  readonly mean: number;
}

const sampleOf = (method: string, values: readonly number[]): Sample => ({
  method,
  values,
  mean: meanAndDeviation(values).mean,
});

function tested(best: Sample, other: Sample): string {
  const counts = `n = ${best.values.length} and ${other.values.length}`;
  const { difference, interval, p }: WelchTest = welchTest(best.values, other.values);
  const [low, high] = interval;
  const facts = `95 %: ${points(low)} to ${points(high)}; ${pText(p)}, ${counts}`;
  const doubt = low <= 0 ? ', which may be chance' : '';
  return `${best.method} is ${points(difference)} points above ${other.method}${doubt} (${facts})`;
}

function atDensity(density: number, rows: readonly ResultRow[]): string[] {
  const byMethod = groupBy(rows, ({ method }) => method);
  const samples = [...byMethod]
    .map(([method, own]) =>
      sampleOf(
        method,
        own.map(({ accuracy }) => accuracy),
      ),
    )
    .sort((a, b) => b.mean - a.mean);
  const several = samples.filter(({ values }) => values.length > 1);
  const single = samples.filter(({ values }) => values.length === 1);
  const [best, ...others] = several;
  if (!best || others.length === 0) return [];
  const sentences = others.slice(0, MOST_OTHERS).map((other) => tested(best, other));
  const left = others.length - MOST_OTHERS;
  return [
    ...sentences,
    ...(left > 0 ? [`${left} more methods lie below these`] : []),
    ...(single.length > 0
      ? [`of a single seed, and not tested: ${single.map(({ method }) => method).join(', ')}`]
      : []),
  ].map((sentence) => `At ${densityText(density)}, ${sentence}.`);
}

/**
 * Welch's test in words: at each density, by how many points of accuracy the best method is above each other one. Nothing
 * where no two methods have several seeds at one density.
 */
export function methodSentences(rows: readonly ResultRow[]): string[] {
  const byDensity = groupBy(rows, ({ density }) => Number(density.toPrecision(3)));
  return [...byDensity]
    .sort(([a], [b]) => b - a)
    .flatMap(([density, own]) => atDensity(density, own));
}
