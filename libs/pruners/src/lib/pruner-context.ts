import type {
  PrunerContext,
  PrunerDescriptor,
  ScopedCheckpoints,
  TicketProvenance,
} from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { ticketFromScores } from '@winnow/tickets';
import type * as trainingRoom from '@winnow/training';
import { requiredObjective } from './required-objective.ts';
import type { SettledSearch } from './ticket-search.ts';

export interface ContextParts {
  readonly checkpoints: ScopedCheckpoints;
  readonly recipe: trainingRoom.TrainingRecipe;
  /** Of the ticket at the end. */
  readonly provenance: TicketProvenance;
  /** Loaded by now. */
  readonly training: typeof trainingRoom;
}

/** What a method finds a ticket with. */
export function prunerContext(
  pruner: PrunerDescriptor,
  search: SettledSearch,
  {
    checkpoints,
    recipe,
    provenance,
    training: { compressRest, evaluate, parameterMask, trainUnder },
  }: ContextParts,
): PrunerContext {
  const { network, parameters, train, budget, objective, validation = train } = search;
  const { signal = new AbortController().signal } = search;
  const { density, seed, weightsHash } = provenance;
  return {
    network,
    parameters,
    weightsHash,
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
    keepLargest(scores, { notes = [], ...keeping } = {}) {
      const { density: kept = density } = keeping;
      const noted = notes.length > 0 ? { notes } : {};
      const own = { ...provenance, density: kept, ...noted };
      return ticketFromScores(scores, budget, own, keeping);
    },
    trainToEnd: (training) =>
      trainUnder(training.mask && { layers: training.mask }, {
        ...search,
        ...(training.epochs !== undefined && {
          recipe: compressRest(recipe, search.fromEpoch ?? 0, training.epochs),
          fromEpoch: 0,
        }),
        signal,
        checkpoints: training.checkpoints,
        onProgress: (report) => training.progress(report),
      }),
    async validationAccuracy(trained, layers) {
      const mask = layers && parameterMask(network, layers);
      const { batchSize } = recipe;
      return (await evaluate(network, trained, validation, batchSize, { mask, signal })).accuracy;
    },
    async keepRound({ round, density: kept, layers, validationAccuracy }) {
      const ticket = { layers, provenance: { ...provenance, density: kept } };
      await search.onRound?.({ round, ticket, validationAccuracy });
    },
    progress: search.onProgress ?? (() => {}),
    checkpoints,
    signal,
  };
}
