/**
 * Moves label positions apart until neighbours are `gap` away, crowds staying centred on where they were wanted,
 * all within `[least, most]` as far as they fit. Order is kept; equal wishes keep the order given.
 */
export function spreadLabels(
  wanted: readonly number[],
  gap: number,
  [least, most]: readonly [number, number],
): number[] {
  // A block of labels that touch stands where its members' average wish puts it.
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]!);
  const blocks: { labels: number[]; start: number }[] = [];
  for (const label of order) {
    let labels = [label];
    let start = place(labels);
    for (let last; (last = blocks.at(-1)) && last.start + last.labels.length * gap > start;) {
      blocks.pop();
      labels = [...last.labels, ...labels];
      start = place(labels);
    }
    blocks.push({ labels, start });
  }
  const placed: number[] = [];
  for (const { labels, start } of blocks) {
    labels.forEach((label, i) => (placed[label] = start + i * gap));
  }
  return placed;

  function place(labels: readonly number[]): number {
    const mean =
      labels.reduce((sum, label, i) => sum + wanted[label]! - i * gap, 0) / labels.length;
    return Math.max(least, Math.min(mean, most - (labels.length - 1) * gap));
  }
}
