/** By how much of its target the expected density may miss it; GradBalance's own target lies as far above the ticket's. */
const TOLERANCE = 0.1;

const percent = (fraction: number) => `${+(100 * fraction).toPrecision(3)} %`;

/**
 * What a reader of a ticket should know where its search ended with the expected density `expected` (Σ σ(α) / d) off its
 * target κ': nothing where it came within a tenth of it.
 */
export function settlementNotes(expected: number, target: number, epochs: number): string[] {
  const error = expected / target - 1;
  if (Math.abs(error) <= TOLERANCE) return [];
  const [side, cure] =
    error < 0
      ? ['below', 'what GradBalance holds back fades in hundreds of steps']
      : ['above', 'the sparsity gradient has not prevailed yet'];
  return [
    `the search had not settled: it ended at an expected density of ${percent(expected)}, ${percent(Math.abs(error))} ${side} its target of ${percent(target)}, since ${cure}; a longer one, such as --search-epochs ${4 * epochs}, comes nearer`,
  ];
}
