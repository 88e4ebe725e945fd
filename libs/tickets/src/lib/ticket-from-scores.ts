import { sizeOf } from '@winnow/files';
import type { Keeping, Scope, TicketProvenance } from '@winnow/plugin-api';
import type { Budget, GroupCount } from './budget.ts';
import { shareOut } from './share-out.ts';
import { type Scores, Ticket } from './ticket.ts';

/** A layer's weight in sharing out a group's count, by its shape. */
const WEIGHTS: Readonly<Record<Exclude<Scope, 'global'>, (shape: readonly number[]) => number>> = {
  layer: sizeOf,
  /** Erdős–Rényi-kernel (Evci et al., arXiv 1911.11134, §3): a layer's share goes with the sum of its shape over the product. */
  erk: (shape) => shape.reduce((sum, n) => sum + n, 0),
};

/** The counts of single layers that a group's comes to. */
function ofLayers({ names, kept }: GroupCount, scores: Scores, within: keyof typeof WEIGHTS) {
  const shares = names.map((name) => {
    const { shape, data } = scores.get(name)!;
    return [name, { size: data.length, weight: WEIGHTS[within](shape) }] as const;
  });
  return shareOut(kept, new Map(shares));
}

/**
 * The ticket of the largest scores within a budget, ties going to the lower flat index. `density` is that of a round on
 * the way. Throws NAN_SCORE.
 */
export function ticketFromScores(
  scores: Scores,
  budget: Budget,
  provenance: TicketProvenance,
  { within = 'global', density }: Pick<Keeping, 'within' | 'density'> = {},
): Ticket {
  const groups = budget.groups(density);
  if (within === 'global') return Ticket.keepLargestOfGroups(scores, groups, provenance);
  const counts = groups.flatMap((group) => [...ofLayers(group, scores, within)]);
  return Ticket.keepLargestPerLayer(scores, new Map(counts), provenance);
}
