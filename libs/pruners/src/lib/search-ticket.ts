import { Packing } from '@winnow/models';
import {
  type GivenOptions,
  type PrunerDescriptor,
  type TicketProvenance,
  ofPlugin,
} from '@winnow/plugin-api';
import { type Ticket, returnedTicket, weightsHash } from '@winnow/tickets';
import { prunerContext } from './pruner-context.ts';
import type { SettledSearch } from './ticket-search.ts';

/** What of options a ticket's file can tell. */
function plainOptions(given: GivenOptions): GivenOptions | undefined {
  const plain = JSON.parse(JSON.stringify(given)) as GivenOptions;
  return Object.keys(plain).length > 0 ? plain : undefined;
}

function provenanceOf(
  pruner: PrunerDescriptor,
  { network, budget, objective, seed = 1, options = {} }: SettledSearch,
  hash: string,
): TicketProvenance {
  const { density, layerDensities } = budget;
  const methodOptions = plainOptions(options);
  const objectiveOptions = objective && plainOptions(objective.given);
  return {
    method: pruner.name,
    ...(methodOptions && { methodOptions }),
    ...(objective && { objective: objective.name }),
    ...(objectiveOptions && { objectiveOptions }),
    density,
    ...(Object.keys(layerDensities).length > 0 && { layerDensities }),
    seed,
    model: network.name,
    weightsHash: hash,
    ...(network.leftOut && { leftOut: network.leftOut }),
  };
}

/**
 * `findTicket` for what was prepared and checked. Throws CHECKPOINT_MISMATCH, BAD_TICKET, what the method throws;
 * INTERRUPTED after the state was saved in `checkpoints`. They are of other work (CHECKPOINT_MISMATCH) where method, objective,
 * their options, densities, recipe, `fromEpoch`, the seed, the network's name, the values of the start point, what is left out
 * or the labels of training and validation images differ; pixels and layers are not compared.
 */
export async function searchTicket(
  pruner: PrunerDescriptor,
  search: SettledSearch,
): Promise<Ticket> {
  const { network, parameters, train, validation = train, budget, objective } = search;
  const { options = {} } = search;
  // Not before there is a search: a list of methods does without it.
  const training = await import('@winnow/training');
  const recipe = training.trainingRecipe(search.recipe);
  const packing = new Packing(network.parameters);
  const start = weightsHash(packing.views(packing.pack(parameters)));
  const provenance = provenanceOf(pruner, search, start);
  const work = {
    ...provenance,
    methodOptions: options,
    objectiveOptions: objective?.given,
    // In order, since the later one counts where two name one layer.
    layerDensities: Object.entries(budget.layerDensities),
    recipe,
    fromEpoch: search.fromEpoch ?? 0,
    images: [train.labels, validation.labels],
  };
  const found = await training.withCheckpoints(search.checkpoints, work, (checkpoints) =>
    pruner.findTicket(
      prunerContext(pruner, search, { checkpoints, recipe, provenance, training }),
      options,
    ),
  );
  const title = `Method "${pruner.name}"${ofPlugin(pruner)}`;
  return returnedTicket(found, { network, budget, weightsHash: start, title });
}
