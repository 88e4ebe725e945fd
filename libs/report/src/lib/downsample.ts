/**
 * At most `most` (4 or more) of a series' points, in their order: the first, the last, and each stretch's lowest and
 * highest, so that a spike stays visible where taking every n-th would lose it.
 */
export function downsample<Point extends { readonly value: number }>(
  points: readonly Point[],
  most: number,
): Point[] {
  if (points.length <= most) return [...points];
  const stretches = Math.floor((most - 2) / 2);
  const inner = points.length - 2;
  const kept = new Set([0, points.length - 1]);
  for (let s = 0; s < stretches; s++) {
    const end = 1 + Math.floor(((s + 1) * inner) / stretches);
    let low = 1 + Math.floor((s * inner) / stretches);
    let high = low;
    for (let i = low; i < end; i++) {
      if (points[i]!.value < points[low]!.value) low = i;
      if (points[i]!.value > points[high]!.value) high = i;
    }
    kept.add(low).add(high);
  }
  return [...kept].sort((a, b) => a - b).map((i) => points[i]!);
}
