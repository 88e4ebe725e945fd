import { densityText } from '@winnow/report';

/** A run in a table of means. */
interface SeedRow {
  readonly label: string;
  readonly density: number;
  readonly seed: number;
}

/** A sentence that names the seeds that some means lack and others have; nothing where all are over the same ones. */
export function missingSeeds(rows: readonly SeedRow[]): string[] {
  const seeds = [...new Set(rows.map(({ seed }) => seed))].sort((a, b) => a - b);
  const means = new Map<string, Set<number>>();
  for (const { label, density, seed } of rows) {
    const mean = `${label} at ${densityText(density)}`;
    means.set(mean, (means.get(mean) ?? new Set()).add(seed));
  }
  const lacking = [...means].flatMap(([mean, own]) => {
    const missing = seeds.filter((seed) => !own.has(seed));
    return missing.length > 0 ? [`${mean}: ${missing.join(', ')}`] : [];
  });
  return lacking.length > 0 ? [`Missing seeds: ${lacking.join('; ')}.`] : [];
}
