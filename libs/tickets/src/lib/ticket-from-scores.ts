import { sizeOf } from '@winnow/files';
import {
  type Keeping,
  type LayerWeight,
  type Scope,
  type TicketProvenance,
  WinnowError,
} from '@winnow/plugin-api';
import type { Budget, GroupCount } from './budget.ts';
import { shareOut } from './share-out.ts';
import { type Scores, Ticket } from './ticket.ts';

const WEIGHTS: Readonly<Record<Exclude<Scope, 'global'>, LayerWeight>> = {
  layer: ({ shape }) => sizeOf(shape),
  /** Erdős–Rényi-kernel (Evci et al., arXiv 1911.11134, §3): a layer's share goes with the sum of its shape over the product. */
  erk: ({ shape }) => shape.reduce((sum, n) => sum + n, 0),
};

function countLeft(scores: ArrayLike<number>): number {
  let left = 0;
  for (let i = 0; i < scores.length; i++) if (scores[i]! > -Infinity) left++;
  return left;
}

/** The counts of single layers that a group's comes to. */
function ofLayers({ names, kept }: GroupCount, scores: Scores, weightOf: LayerWeight) {
  // What an earlier round removed has -Infinity, and stays out although fractions may round a layer's count up.
  const left = new Map(names.map((name) => [name, countLeft(scores.get(name)!.data)]));
  const isEnough = [...left.values()].reduce((sum, n) => sum + n, 0) >= kept;
  const shares = names.map((name) => {
    const { shape, data } = scores.get(name)!;
    const size = isEnough ? left.get(name)! : data.length;
    const weight = weightOf({ name, shape });
    if (!(weight > 0)) {
      throw new WinnowError('LAYER_DENSITY', `Layer "${name}" has the weight ${weight}.`, {
        hint: 'What "within" returns must be more than 0.',
      });
    }
    return [name, { size, weight }] as const;
  });
  const whole = shares.reduce(
    (n, [, share]) => n + (share.weight === Infinity ? share.size : 0),
    0,
  );
  if (whole > kept) {
    throw new WinnowError(
      'LAYER_DENSITY',
      `The layers that stay whole have ${whole} weights, and only ${kept} are to be kept.`,
      { hint: 'Let fewer layers stay whole, or keep more weights.' },
    );
  }
  return shareOut(kept, new Map(shares));
}

/** A plugin's scores may be of any layers. Throws BAD_SCORES. */
function assertOneEach(scores: Scores, groups: readonly GroupCount[]): void {
  const due = new Set(groups.flatMap(({ names }) => names));
  const lacking = [...due].find((name) => !scores.get(name)?.data);
  const stray = [...scores.keys()].find((name) => !due.has(name));
  if (lacking === undefined && stray === undefined) return;
  throw new WinnowError(
    'BAD_SCORES',
    lacking === undefined
      ? `There are scores for "${stray}", which is no prunable parameter.`
      : `There are no scores for the prunable parameter "${lacking}".`,
    { hint: 'Give one score for each weight of every prunable parameter, by its name.' },
  );
}

/**
 * The ticket of the largest scores within a budget, ties going to the lower flat index. `density` is that of a round on
 * the way. Throws BAD_SCORES, NAN_SCORE; LAYER_DENSITY where more weights are to stay whole than are kept, or
 * a layer's weight is not more than 0.
 */
export function ticketFromScores(
  scores: Scores,
  budget: Budget,
  provenance: TicketProvenance,
  { within = 'global', density }: Pick<Keeping, 'within' | 'density'> = {},
): Ticket {
  const groups = budget.groups(density);
  assertOneEach(scores, groups);
  if (within === 'global') return Ticket.keepLargestOfGroups(scores, groups, provenance);
  const weightOf = typeof within === 'string' ? WEIGHTS[within] : within;
  const counts = groups.flatMap((group) => [...ofLayers(group, scores, weightOf)]);
  return Ticket.keepLargestPerLayer(scores, new Map(counts), provenance);
}
