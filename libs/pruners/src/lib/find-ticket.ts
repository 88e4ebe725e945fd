import { Packing } from '@winnow/models';
import builtIn from '@winnow/objectives';
import {
  type Checkpoints,
  ComponentRegistry,
  type ImageSource,
  type Objective,
  type PrunerDescriptor,
  type PruningRound,
  WinnowError,
  checkDensity,
  parseOptions,
} from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { Ticket, assertFits, assertKeeps, weightsHash } from '@winnow/tickets';
import type { TrainingSetting } from '@winnow/training';

export interface TicketSearch extends TrainingSetting {
  /** κ in (0, 1). */
  readonly density: number;
  /** Of everything that is drawn at random; 1 when left out. */
  readonly seed?: number;
  /** What rounds of training are judged on; the training images when left out. */
  readonly validation?: ImageSource;
  /** The method's own; see its schema. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Beside Winnow's own, which one of the same name takes the place of. */
  readonly objectives?: readonly Objective[];
  /** Called with each ticket on the way to the last one, by methods that train. */
  readonly onRound?: (round: PruningRound) => void | Promise<void>;
}

/**
 * Finds a ticket by any method, on the parameters at the start point. `recipe` is what the ticket will be trained by; a
 * search derives its steps from it. Throws what the method throws, BAD_DENSITY, INVALID_OPTION, UNKNOWN_NAME, WEIGHTS_MISMATCH,
 * BAD_DATA, CHECKPOINT_MISMATCH, and BAD_TICKET or TICKET_MISMATCH where a method breaks its promises; INTERRUPTED after the state was saved in `checkpoints`.
 */
export async function findTicket(pruner: PrunerDescriptor, search: TicketSearch): Promise<Ticket> {
  const { network, parameters, train, density, validation = train, seed = 1 } = search;
  // Not before there is a search: a list of methods does without it.
  const { checkSetting, evaluate, trainUnder, trainingRecipe, withCheckpoints } =
    await import('@winnow/training');
  const { objectives = [], signal = new AbortController().signal } = search;
  if (typeof pruner?.findTicket !== 'function') {
    throw new WinnowError('INVALID_OPTION', 'The method that was given is no pruner.', {
      hint: "Give the pruner itself: import { cts } from '@winnow/pruners'.",
    });
  }
  checkDensity(density);
  checkSetting(search);
  const recipe = trainingRecipe(search.recipe);
  const packing = new Packing(network.parameters);
  const own = new Set(objectives.map(({ name }) => name));
  const known = new ComponentRegistry([
    ...objectives,
    ...builtIn.components.filter(({ name }) => !own.has(name)),
  ]);
  const options = parseOptions(pruner.options, search.options ?? {}, `method "${pruner.name}"`);
  const start = weightsHash(packing.views(packing.pack(parameters)));
  const work = {
    method: pruner.name,
    options,
    density,
    seed,
    recipe,
    fromEpoch: search.fromEpoch ?? 0,
    network: network.name,
    start,
    images: train.length,
  };
  const find = (checkpoints: Checkpoints) =>
    pruner.findTicket(
      {
        network,
        parameters,
        weightsHash: start,
        density,
        seed,
        random: randomStreams(seed),
        train,
        schedule: recipe,
        objective: (name) => known.get('objective', name),
        trainToEnd: (training) =>
          trainUnder(training.mask && { layers: training.mask }, {
            ...search,
            signal,
            checkpoints: training.checkpoints,
            onProgress: (report) => training.progress(report),
          }),
        validationAccuracy: async (trained) =>
          (await evaluate(network, trained, validation, recipe.batchSize)).accuracy,
        keepRound: async (round) => search.onRound?.(round),
        progress: search.onProgress ?? (() => {}),
        checkpoints,
        signal,
      },
      options,
    );
  const found = await withCheckpoints(search.checkpoints, work, find);
  // A method of somebody's own in plain JavaScript may forget to return one.
  if (!(found?.layers instanceof Map)) {
    throw new WinnowError('BAD_TICKET', `Method "${pruner.name}" returned no ticket.`, {
      hint: 'Return one, as Ticket.keepLargest of @winnow/tickets makes it.',
    });
  }
  const ticket = new Ticket(found);
  assertFits(ticket, network);
  assertKeeps(ticket, density);
  return ticket;
}
