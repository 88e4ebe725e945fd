import type { Network } from '@winnow/plugin-api';
import type { Ticket } from '@winnow/tickets';
import { type Road, type TrainingRecipe, parameterMask, roadOf, tellRoad } from '@winnow/training';

/** By what a run computes under its ticket, or with all weights where it has none. */
export interface Roads {
  readonly train: Road;
  readonly evaluate: Road;
}

/** By what each part of the work on a network is computed. */
export interface NetworkRoads extends Roads {
  /** Training and evaluation with all weights. */
  readonly dense: Road;
  readonly search: Road;
}

/** On the current backend; the mask has one entry a parameter, packed. */
export function networkRoads(
  network: Network,
  mask: Uint8Array | undefined,
  recipe: Pick<TrainingRecipe, 'name'> = { name: 'standard' },
): NetworkRoads {
  return {
    train: roadOf(network, mask, recipe),
    evaluate: roadOf(network, mask),
    dense: roadOf(network, undefined),
    search: { by: 'ops', why: 'search' },
  };
}

/** On the current backend. The ticket is one of this network. */
export function roadsUnder(
  ticket: Ticket | undefined,
  network: Network,
  recipe: Pick<TrainingRecipe, 'name'>,
): Roads {
  const mask = ticket && parameterMask(network, ticket.layers);
  const { train, evaluate } = networkRoads(network, mask, recipe);
  return { train, evaluate };
}

/** "training and evaluation: kept weights alone, as one program"; a line each where they differ. */
export function tellRoads({ train, evaluate }: Roads): string[] {
  const [training, evaluation] = [tellRoad(train), tellRoad(evaluate)];
  return training === evaluation
    ? [`training and evaluation: ${training}`]
    : [`training: ${training}`, `evaluation: ${evaluation}`];
}
