import { Packing } from '@winnow/models';
import {
  type Batch,
  type Keeping,
  type LayerScores,
  type NamedTensors,
  type Network,
  type Objective,
  type RandomStreams,
  type Scoring,
  type ScoringInput,
  type ScoringPlan,
  type TicketData,
  WinnowError,
  tagOf,
} from '@winnow/plugin-api';
import { type Rounds, pruneByRounds } from './prune-by-rounds.ts';

/** What a round's scores come from. */
export interface RoundExamples {
  readonly batches: readonly Batch[];
  readonly heldOut: readonly Batch[];
}

export interface ScoredRounds extends Pick<Rounds, 'from' | 'after'> {
  /** The method's, for errors. */
  readonly name: string;
  readonly scoring: Scoring;
  readonly plan: ScoringPlan;
  readonly network: Network;
  readonly parameters: NamedTensors;
  readonly density: number;
  readonly random: RandomStreams;
  /** Asked when the scoring asks. */
  readonly objective: () => Objective;
  /** Hands the examples of a round to `score`, and takes them back. */
  examplesOf<T>(round: number, score: (examples: RoundExamples) => Promise<T>): Promise<T>;
  readonly nextTurn: ScoringInput['nextTurn'];
  keepLargest(scores: ReadonlyMap<string, LayerScores>, keeping: Keeping): TicketData;
}

/** Throws BAD_SCORES where they are not one number a weight. */
function checked(scores: Float32Array, name: string, size: number): Float32Array {
  const isArray = tagOf(scores) === 'Float32Array';
  if (isArray && scores.length === size) return scores;
  throw new WinnowError(
    'BAD_SCORES',
    `Method "${name}" gave ${isArray ? `${scores.length} scores` : 'no Float32Array'} for ${size} weights.`,
    {
      hint: 'Its score() must return a Float32Array with a number for each of `weights`, in order.',
    },
  );
}

/** The ticket that a scoring gives in its rounds, and the scores of the last. Throws BAD_SCORES. */
export function scoreInRounds(
  work: ScoredRounds,
): Promise<{ ticket: TicketData; scores: Float32Array }> {
  const { scoring, plan, network, parameters, density, random, from, after } = work;
  const { keep, within, iterations, notes } = plan;
  const prunable = Packing.prunable(network);
  const weights = prunable.pack(parameters);
  return pruneByRounds({
    keep,
    prunable,
    density,
    rounds: iterations,
    from,
    ...(after && { after }),
    keepLargest: (ranks, between) => work.keepLargest(ranks, { within, notes, density: between }),
    score: (mask, round) =>
      work.examplesOf(round, async ({ batches, heldOut }) =>
        checked(
          await scoring.score({
            network,
            parameters,
            // A copy, since a method may work in it.
            weights: weights.slice(),
            mask,
            batches,
            heldOut,
            round,
            random,
            nextTurn: work.nextTurn,
            get objective() {
              return work.objective();
            },
          }),
          work.name,
          weights.length,
        ),
      ),
  });
}
