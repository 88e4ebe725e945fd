import { Packing } from '@winnow/models';
import builtIn from '@winnow/objectives';
import {
  ComponentRegistry,
  type GivenOptions,
  type ImageSource,
  type NamedTensors,
  type Objective,
  type PrunerContext,
  type PrunerDescriptor,
  type PruningRound,
  type ScopedCheckpoints,
  type TicketProvenance,
  WinnowError,
  ofPlugin,
} from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import {
  Budget,
  type Ticket,
  returnedTicket,
  ticketFromScores,
  weightsHash,
} from '@winnow/tickets';
import type { TensorsByName, TrainingSetting } from '@winnow/training';
import { prepareTicket } from './prepare-ticket.ts';
import { requiredObjective } from './required-objective.ts';

export interface TicketSearch<
  P extends TensorsByName<P> = NamedTensors,
> extends TrainingSetting<P> {
  /** κ in (0, 1). */
  readonly density: number;
  /** Of single layers, by pattern (`stage3.*`), where κ of all weights is not to say it alone. */
  readonly layerDensities?: Readonly<Record<string, number>>;
  /** Of everything that is drawn at random; 1 when left out. */
  readonly seed?: number;
  /** What rounds of training are judged on, and held-out batches come from; the training images when left out. */
  readonly validation?: ImageSource;
  /** What a method that follows one searches for: an objective, or the name of one; the method's default when left out. */
  readonly objective?: Objective | string;
  /** Beside Winnow's own, which one of the same name takes the place of. */
  readonly objectives?: readonly Objective[];
  /** The method's own, as given; see its schema. */
  readonly options?: GivenOptions;
  /** Called with each ticket on the way to the last one, by methods that train. */
  readonly onRound?: (round: PruningRound) => void | Promise<void>;
}

function objectiveOf(
  pruner: PrunerDescriptor,
  {
    objective = pruner.defaultObjective,
    objectives = [],
  }: Pick<TicketSearch, 'objective' | 'objectives'>,
): Objective | undefined {
  if (!pruner.needs.includes('objective')) return undefined;
  if (typeof objective === 'object') return objective;
  if (objective === undefined) {
    throw new WinnowError(
      'INVALID_OPTION',
      `Method "${pruner.name}"${ofPlugin(pruner)} follows an objective, and none is given.`,
      { hint: 'Give `objective`.' },
    );
  }
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
  const { checkSetting } = await import('@winnow/training');
  checkSetting(search);
  const { network, train, validation = train, options = {} } = search;
  const budget = Budget.of(network, search.density, search.layerDensities);
  const objective = objectiveOf(pruner, search);
  const dataset = { train, validation, classes: network.classes };
  await prepareTicket(pruner, { network, dataset, objective, options });
  const parameters = search.parameters as NamedTensors;
  return searchTicket(pruner, { ...search, parameters, budget, objective });
}

/** What is settled before a search begins. */
export interface SettledSearch extends Omit<
  TicketSearch,
  'density' | 'layerDensities' | 'objective'
> {
  readonly budget: Budget;
  readonly objective: Objective | undefined;
}

/** `findTicket` for what was prepared and checked. */
export async function searchTicket(
  pruner: PrunerDescriptor,
  search: SettledSearch,
): Promise<Ticket> {
  const { network, parameters, train, budget, objective, seed = 1, options = {} } = search;
  const { validation = train, signal = new AbortController().signal } = search;
  const { density } = budget;
  // Not before there is a search: a list of methods does without it.
  const { evaluate, trainUnder, trainingRecipe, withCheckpoints } =
    await import('@winnow/training');
  const recipe = trainingRecipe(search.recipe);
  const packing = new Packing(network.parameters);
  const start = weightsHash(packing.views(packing.pack(parameters)));
  const provenance: TicketProvenance = {
    method: pruner.name,
    ...(objective ? { objective: objective.name } : {}),
    density,
    seed,
    model: network.name,
    weightsHash: start,
    ...(network.leftOut ? { leftOut: network.leftOut } : {}),
  };
  const contextWith = (checkpoints: ScopedCheckpoints): PrunerContext => ({
    network,
    parameters,
    weightsHash: start,
    density,
    densityOf: (parameter) => budget.densityOf(parameter),
    seed,
    random: randomStreams(seed),
    train,
    validation,
    schedule: recipe,
    get objective() {
      return requiredObjective(pruner, objective);
    },
    keepLargest: (scores, { within, density: between, notes = [] } = {}) =>
      ticketFromScores(
        scores,
        budget,
        {
          ...provenance,
          ...(between === undefined ? {} : { density: between }),
          ...(notes.length > 0 ? { notes } : {}),
        },
        {
          ...(within === undefined ? {} : { within }),
          ...(between === undefined ? {} : { density: between }),
        },
      ),
    trainToEnd: (training) =>
      trainUnder(training.mask && { layers: training.mask }, {
        ...search,
        signal,
        checkpoints: training.checkpoints,
        onProgress: (report) => training.progress(report),
      }),
    validationAccuracy: async (trained) =>
      (await evaluate(network, trained, validation, recipe.batchSize)).accuracy,
    keepRound: async ({ round, density: between, layers, validationAccuracy }) => {
      const ticket = { layers, provenance: { ...provenance, density: between } };
      await search.onRound?.({ round, ticket, validationAccuracy });
    },
    progress: search.onProgress ?? (() => {}),
    checkpoints,
    signal,
  });
  const work = {
    method: pruner.name,
    options,
    objective: objective && { name: objective.name, options: objective.given },
    density,
    layerDensities: budget.layerDensities,
    seed,
    recipe,
    fromEpoch: search.fromEpoch ?? 0,
    network: network.name,
    leftOut: network.leftOut,
    start,
    images: train.length,
  };
  const found = await withCheckpoints(search.checkpoints, work, (checkpoints) =>
    pruner.findTicket(contextWith(checkpoints), options),
  );
  const title = `Method "${pruner.name}"${ofPlugin(pruner)}`;
  return returnedTicket(found, { network, budget, weightsHash: start, title });
}
