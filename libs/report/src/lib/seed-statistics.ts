import { groupBy } from './group-by.ts';

/** What one run came to: `accuracy` and `density` are fractions. */
export interface MethodResult {
  readonly method: string;
  readonly seed: number;
  readonly accuracy: number;
  readonly density: number;
}

export interface AccuracyPictureOptions {
  readonly title: string;
  readonly subtitle: string;
  /** The accuracy of guessing, as a fraction, where it is one of all results. */
  readonly chance?: number | undefined;
  readonly results: readonly MethodResult[];
}

/** A method at one density over its seeds; `std` is the sample's, and 0 for a single seed. */
export interface SeedStatistics {
  readonly density: number;
  readonly seeds: number;
  readonly mean: number;
  readonly std: number;
}

/** Densities alike to three digits count as one, as not every method keeps an exact number. */
export const densityKey = (density: number) => Number(density.toPrecision(3));

/** Each method's results by density, sparsest first; methods in the order of their first result. */
export function statisticsByMethod(
  results: readonly MethodResult[],
): Map<string, readonly SeedStatistics[]> {
  const byMethod = groupBy(results, (result) => result.method);
  return new Map(
    [...byMethod].map(([method, own]) => {
      const byDensity = groupBy(own, ({ density }) => densityKey(density));
      const points = [...byDensity].map(([density, group]) => ({
        density,
        seeds: group.length,
        ...meanAndDeviation(group.map(({ accuracy }) => accuracy)),
      }));
      return [method, points.sort((a, b) => a.density - b.density)];
    }),
  );
}

/** Of at least one value; `std` is the sample's, and 0 for a single value. */
export function meanAndDeviation(values: readonly number[]): Pick<SeedStatistics, 'mean' | 'std'> {
  // Summing equal values and dividing can miss them by a rounding, and so make a spread where there is none.
  const mean = values.every((value) => value === values[0])
    ? values[0]!
    : values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, std: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}
