import { Packing } from '@winnow/models';
import {
  type Batch,
  type GivenOptions,
  type NamedTensors,
  type Network,
  type Objective,
  type PrunerDescriptor,
  type TicketData,
  WinnowError,
} from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { Budget, ticketFromScores } from '@winnow/tickets';
import { requiredObjective } from './required-objective.ts';
import { pruneByRounds } from './scoring/prune-by-rounds.ts';

export interface WeightScoring {
  readonly network: Network;
  readonly parameters: NamedTensors;
  /** What scores come from in every round. */
  readonly batch: Batch;
  readonly heldOut?: Batch | undefined;
  readonly density: number;
  readonly layerDensities?: Readonly<Record<string, number>>;
  /** Of methods that follow one, configured. */
  readonly objective?: Objective | undefined;
  /** Of the method, as given. */
  readonly options: GivenOptions;
  readonly seed: number;
}

/**
 * The scores that a method gives every prunable weight on one batch, the last round's [d] where it has several, and the
 * ticket that they make. Throws UNKNOWN_NAME for a method that does not score, BAD_DENSITY, EMPTY_TICKET, BAD_LAYER,
 * LAYER_DENSITY, INVALID_OPTION, and what the method does.
 */
export async function scoreWeights(
  pruner: PrunerDescriptor,
  setting: WeightScoring,
): Promise<{ readonly scores: Float32Array; readonly ticket: TicketData }> {
  const { network, parameters, batch, heldOut, density, objective, options, seed } = setting;
  if (!pruner.scoring) {
    throw new WinnowError('NO_SCORES', `Method "${pruner.name}" does not score weights.`, {
      hint: 'Choose one that does, such as magnitude or snip.',
    });
  }
  const scoring = pruner.scoring(options);
  const { keep, within, iterations, notes } = scoring.plan(objective);
  const budget = Budget.of(network, density, setting.layerDensities);
  const prunable = Packing.prunable(network);
  const weights = prunable.pack(parameters);
  const provenance = {
    method: pruner.name,
    ...(objective ? { objective: objective.name } : {}),
    density,
    seed,
    model: network.name,
    weightsHash: '',
    notes,
  };
  return pruneByRounds({
    keep,
    prunable,
    density,
    rounds: iterations,
    keepLargest: (ranks, between) =>
      ticketFromScores(ranks, budget, provenance, {
        within,
        ...(between === undefined ? {} : { density: between }),
      }),
    score: (mask, round) =>
      Promise.resolve(
        scoring.score({
          network,
          parameters,
          weights,
          mask,
          batches: [batch],
          heldOut: heldOut ? [heldOut] : [],
          round,
          random: randomStreams(seed),
          get objective() {
            return requiredObjective(pruner, objective);
          },
        }),
      ),
  });
}
