/** How far from its target, as a part of it, the expected density of a search that has settled may be. */
const TOLERANCE = 0.1;

const percent = (fraction: number) => `${+(100 * fraction).toPrecision(3)} %`;

/**
 * What a reader of a ticket should know whose search, of so many epochs, ended with the expected density Σ σ(α) / d off
 * the target κ'; nothing where it had settled.
 */
export function settlementNotes(expected: number, target: number, epochs: number): string[] {
  const error = expected / target - 1;
  if (Math.abs(error) <= TOLERANCE) return [];
  const side = error < 0 ? 'below' : 'above';
  return [
    `the search had not settled: its expected density ended at ${percent(expected)}, ${percent(Math.abs(error))} ${side} the ${percent(target)} that it aims at; a longer one, such as --search-epochs ${4 * epochs}, ends nearer`,
  ];
}
