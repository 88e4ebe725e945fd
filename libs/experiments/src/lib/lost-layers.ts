import type { KeptOfLayer } from '@winnow/plugin-api';

/** Names that a sentence can hold. */
const MOST_NAMED = 3;

/** One sentence on the layers of a ticket that keep no weight; nothing where each keeps one. */
export function lostLayersNote(
  layers: readonly Pick<KeptOfLayer, 'name' | 'kept'>[],
): string | undefined {
  const lost = layers.filter(({ kept }) => kept === 0).map(({ name }) => name);
  if (lost.length === 0) return undefined;
  const more = lost.length - MOST_NAMED;
  const named = [...lost.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])];
  const last = named.pop()!;
  const all = named.length > 0 ? `${named.join(', ')} and ${last}` : last;
  return `nothing is kept of ${all}, and no image reaches the logits through ${lost.length > 1 ? 'them' : 'it'}`;
}
