import { type Look, colourOf } from './look.ts';
import type { SeedStatistics } from './seed-statistics.ts';

/** Whether a method was only ever measured unpruned, which makes it what the others compare with. */
export function isDense(points: readonly SeedStatistics[]): boolean {
  return points.every(({ density }) => density === 1);
}

/** A colour a method, the same in every picture of these methods; dense ones stand back in grey. */
export function methodColours(
  methods: ReadonlyMap<string, readonly SeedStatistics[]>,
  look: Look,
): (of: { readonly method: string }) => string {
  const pruned = [...methods.keys()].filter((method) => !isDense(methods.get(method)!));
  const places = new Map(pruned.map((method, i) => [method, i]));
  return ({ method }) => {
    const place = places.get(method);
    return place === undefined ? look.quiet : colourOf(look, place);
  };
}
