/** "3 seeds", or "1 to 3 seeds" where not all have as many. */
export function seedCounts(counts: readonly number[]): string {
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const seeds = most === 1 ? 'seed' : 'seeds';
  return fewest === most ? `${most} ${seeds}` : `${fewest} to ${most} ${seeds}`;
}
