import type { Network } from '@winnow/plugin-api';
import type { Ticket } from '@winnow/tickets';
import { type Road, type TrainingRecipe, parameterMask, roadOf } from '@winnow/training';

/** By what a run computes under its ticket, or with all weights where it has none. */
export interface Roads {
  readonly train: Road;
  readonly evaluate: Road;
}

/** On the current backend. The ticket is one of this network. */
export function roadsUnder(
  ticket: Ticket | undefined,
  network: Network,
  recipe: Pick<TrainingRecipe, 'name'>,
): Roads {
  const mask = ticket && parameterMask(network, ticket.layers);
  return { train: roadOf(network, mask, recipe), evaluate: roadOf(network, mask) };
}
