import type { Network } from '@winnow/plugin-api';

/**
 * Of a network's multiply-adds, by instruction set: where a mask keeps more, ops over all weights are faster than a
 * program; at 1 a program always is the faster one. See docs/performance.md.
 */
const MOST_KEPT: Readonly<Record<string, number>> = {
  avx512: 1,
  avx2: 1,
  sse2: 0.3,
  neon: 0.2,
  scalar: 0.2,
};

/** The share of the multiply-adds that kept weights make. */
function shareKept({ parameters }: Pick<Network, 'parameters'>, mask: Uint8Array): number {
  let at = 0;
  let all = 0;
  let kept = 0;
  for (const { shape, prunable, usesPerImage } of parameters) {
    const end = at + shape.reduce((product, n) => product * n, 1);
    if (prunable) {
      for (let i = at; i < end; i++) if (mask[i]) kept += usesPerImage;
      all += (end - at) * usesPerImage;
    }
    at = end;
  }
  return all > 0 ? kept / all : 1;
}

/**
 * Whether a mask, one entry a parameter, or none, which keeps all, keeps so much that ops are faster than a program by
 * these instructions. It depends on nothing else, so that the same work is always computed alike.
 */
export function keepsMuch(
  network: Pick<Network, 'parameters'>,
  mask: Uint8Array | undefined,
  instructions: string,
): boolean {
  const most = MOST_KEPT[instructions] ?? 0;
  return most < 1 && (mask ? shareKept(network, mask) : 1) > most;
}
