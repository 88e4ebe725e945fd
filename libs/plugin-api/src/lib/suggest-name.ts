import { closest, distance } from 'fastest-levenshtein';

/** The hint of an error about an unknown name: the nearest known one, if any is near, and all of them. */
export function suggestName(name: string, known: readonly string[]): string {
  const nearest = known.length > 0 ? closest(name, known) : undefined;
  const guess =
    nearest !== undefined && distance(name, nearest) <= Math.max(2, name.length / 3)
      ? `Did you mean "${nearest}"? `
      : '';
  return `${guess}Known: ${known.join(', ') || 'none'}.`;
}
