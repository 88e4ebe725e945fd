import {
  type Batch,
  type GivenOptions,
  type NamedTensors,
  type Network,
  type Objective,
  type PrunerDescriptor,
  type TicketData,
  WinnowError,
  nextTurn,
} from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { Budget, ticketFromScores } from '@winnow/tickets';
import { checkBatch } from './check-batch.ts';
import { assertMeetsNeeds } from './meet-needs.ts';
import { requiredObjective } from './required-objective.ts';
import { scoreInRounds } from './scoring/score-in-rounds.ts';

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
 * ticket that they make. Throws NO_SCORES for a method that does not score, UNSUPPORTED_MODEL, WEIGHTS_MISMATCH, BAD_DATA,
 * BAD_DENSITY, EMPTY_TICKET, BAD_LAYER, LAYER_DENSITY, INVALID_OPTION, and what the method does.
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
  assertMeetsNeeds(pruner, network);
  const { checkParameters } = await import('@winnow/training');
  checkParameters(network, parameters);
  await checkBatch(batch, network, 'scored');
  if (heldOut) await checkBatch(heldOut, network, 'held-out');
  const scoring = pruner.scoring(options);
  const budget = Budget.of(network, density, setting.layerDensities);
  const provenance = {
    method: pruner.name,
    ...(objective ? { objective: objective.name } : {}),
    density,
    seed,
    model: network.name,
    weightsHash: '',
  };
  return scoreInRounds({
    name: pruner.name,
    scoring,
    plan: scoring.plan(objective),
    network,
    parameters,
    density,
    random: randomStreams(seed),
    objective: () => requiredObjective(pruner, objective),
    examplesOf: (_, score) => score({ batches: [batch], heldOut: heldOut ? [heldOut] : [] }),
    nextTurn,
    keepLargest: (scores, { notes = [], ...keeping }) =>
      ticketFromScores(scores, budget, { ...provenance, notes }, keeping),
  });
}
