const MOST = 255;
/** Of a logit from where the search began, either way, at which a tint is at its end. */
const REACH = 4;

/** How likely each weight is to be kept, by its logit; in the middle where a search at this density begins. */
export function tintsOfLogits(logits: ArrayLike<number>, density: number): Uint8Array {
  const first = Math.log(density / (1 - density));
  const tints = new Uint8Array(logits.length);
  // Not by `Uint8Array.from`, which takes ten times as long, and the search waits for it.
  for (let i = 0; i < tints.length; i++) {
    const share = 0.5 + (logits[i]! - first) / (2 * REACH);
    tints[i] = Math.round(MOST * Math.min(1, Math.max(0, share)));
  }
  return tints;
}

/** How high each weight scores, beside the highest; by roots, as a few score far above all others. */
export function tintsOfScores(scores: readonly number[]): Uint8Array {
  const highest = scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0) || 1;
  return Uint8Array.from(scores, (score) =>
    Math.round(MOST * Math.sqrt(Math.abs(score) / highest)),
  );
}
