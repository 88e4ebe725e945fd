import builtIn from '@winnow/objectives';
import {
  ComponentRegistry,
  type NamedTensors,
  type Objective,
  type PrunerDescriptor,
  WinnowError,
} from '@winnow/plugin-api';
import { Budget, type Ticket } from '@winnow/tickets';
import type { TensorsByName } from '@winnow/training';
import { prepareTicket } from './prepare-ticket.ts';
import { noObjective } from './required-objective.ts';
import { searchTicket } from './search-ticket.ts';
import type { TicketSearch } from './ticket-search.ts';

function objectiveOf(
  pruner: PrunerDescriptor,
  {
    objective = pruner.defaultObjective,
    objectives = [],
  }: Pick<TicketSearch, 'objective' | 'objectives'>,
): Objective | undefined {
  if (!pruner.needs.includes('objective')) return undefined;
  if (typeof objective === 'object') return objective;
  if (objective === undefined) throw noObjective(pruner);
  const own = new Set(objectives.map((one) => one.name));
  const known = builtIn.components.filter((one) => !own.has(one.name));
  return new ComponentRegistry([...objectives, ...known]).get('objective', objective);
}

/**
 * Finds a ticket by any method, on the parameters at the start point. `recipe` is what the ticket will be trained by; a
 * search derives its steps from it. Throws what the method throws, and before it begins BAD_DENSITY, EMPTY_TICKET, BAD_LAYER,
 * LAYER_DENSITY, INVALID_OPTION, UNKNOWN_NAME, UNSUPPORTED_MODEL, WEIGHTS_MISMATCH, BAD_DATA, CHECKPOINT_MISMATCH; BAD_TICKET
 * where a method breaks its promises; INTERRUPTED after the state was saved in `checkpoints`.
 */
export async function findTicket<P extends TensorsByName<P>>(
  pruner: PrunerDescriptor,
  search: TicketSearch<P>,
): Promise<Ticket> {
  if (typeof pruner?.findTicket !== 'function') {
    throw new WinnowError('INVALID_OPTION', 'The method that was given is no pruner.', {
      hint: "Give the pruner itself: import { cts } from '@winnow/pruners'.",
    });
  }
  const { checkLabels, checkSetting } = await import('@winnow/training');
  checkSetting(search);
  const { network, train, validation = train, options = {} } = search;
  checkLabels(validation, network, 'validation');
  const budget = Budget.of(network, search.density, search.layerDensities);
  const objective = objectiveOf(pruner, search);
  const dataset = { train, validation, classes: network.classes };
  const { density, recipe } = search;
  const { batchSize } = recipe;
  await prepareTicket(pruner, { network, dataset, density, batchSize, objective, options });
  const parameters = search.parameters as NamedTensors;
  return searchTicket(pruner, { ...search, parameters, budget, objective });
}
