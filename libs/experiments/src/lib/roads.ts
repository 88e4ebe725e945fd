import type { Network, Road } from '@winnow/plugin-api';
import type { Ticket } from '@winnow/tickets';
import { type TrainingRecipe, parameterMask, roadOf, tellRoad } from '@winnow/training';

/** By what a run computes under its ticket, or with all weights where it has none. */
export interface Roads {
  readonly train: Road;
  readonly evaluate: Road;
  /** Of the search, where the method says it. */
  readonly search?: Road;
}

/** By what each part of the work on a network is computed. */
export interface NetworkRoads extends Roads {
  /** Training with all weights. */
  readonly dense: Road;
}

/** But for the search; on the current backend; the mask has one entry a parameter, packed. */
export function networkRoads(
  network: Network,
  mask: Uint8Array | undefined,
  recipe: Pick<TrainingRecipe, 'name'> = { name: 'standard' },
): NetworkRoads {
  return {
    train: roadOf(network, mask, recipe),
    evaluate: roadOf(network, mask),
    dense: roadOf(network, undefined, recipe),
  };
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

/** "training and evaluation: one program of 20 layers, all dense"; a line each where they differ. */
export function tellRoads({ train, evaluate, search }: Roads): string[] {
  const [training, evaluation] = [tellRoad(train), tellRoad(evaluate)];
  return [
    ...(training === evaluation
      ? [`training and evaluation: ${training}`]
      : [`training: ${training}`, `evaluation: ${evaluation}`]),
    ...(search ? [`search: ${tellRoad(search)}`] : []),
  ];
}
