export interface Share {
  /** The layer's number of weights, above which it takes no more. */
  readonly size: number;
  /** In proportion to this it is given its part; above 0. Infinity fills it first. */
  readonly weight: number;
}

/**
 * Counts by layer that sum to exactly `total`, in proportion to the layers' weights: what a full layer can't take goes to
 * the others, fractions to the largest remainders, ties to the earlier layer. Weight = size gives every layer the same density;
 * size times an Erdős–Rényi-kernel factor gives that distribution. Throws a RangeError where the sizes hold less than `total`,
 * or those that are filled first hold more.
 */
export function shareOut(total: number, shares: ReadonlyMap<string, Share>): Map<string, number> {
  const quotas = fill(total, [...shares.values()]);
  const counts = quotas.map(Math.floor);
  const left = total - counts.reduce((sum, n) => sum + n, 0);
  const byRemainder = quotas
    .map((quota, i) => ({ i, remainder: quota - counts[i]! }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { i } of byRemainder.slice(0, left)) counts[i]!++;
  return new Map([...shares.keys()].map((name, i) => [name, counts[i]!]));
}

/** Real-valued parts of `total`, none above its size. */
function fill(total: number, shares: readonly Share[]): number[] {
  const full = new Set(shares.filter(({ weight }) => weight === Infinity));
  for (;;) {
    const open = shares.filter((share) => !full.has(share));
    const rest = total - [...full].reduce((sum, { size }) => sum + size, 0);
    if (rest > 0 && open.length === 0) throw new RangeError(`The layers hold fewer than ${total}.`);
    if (rest < 0) throw new RangeError(`The layers that are filled first hold more than ${total}.`);
    const scale = rest / open.reduce((sum, { weight }) => sum + weight, 0);
    const over = open.filter(({ size, weight }) => weight * scale > size);
    if (over.length === 0) {
      return shares.map((share) => (full.has(share) ? share.size : share.weight * scale));
    }
    for (const share of over) full.add(share);
  }
}
