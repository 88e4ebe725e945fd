import {
  type GivenOptions,
  type Objective,
  type PrepareSetting,
  type PrunerDescriptor,
  type Scope,
  type Scoring,
  type ScoringInput,
  parseOptions,
} from '@winnow/plugin-api';
import * as z from 'zod';
import { assertEnoughExamples } from './class-examples.ts';
import { findByScores } from './find-by-scores.ts';

/** A method that gives every prunable weight a score, as its author writes it. */
export interface ScoringDefinition<S extends z.ZodRawShape> extends Pick<
  PrunerDescriptor,
  'name' | 'summary' | 'defaultObjective' | 'road'
> {
  /** `examples` where scores come from training images; they are in `batches` then. */
  readonly needs?: PrunerDescriptor['needs'];
  /** Options of the method's own, beside those that every method of this kind has. */
  readonly options?: z.ZodObject<S>;
  /** Rounds of scoring and pruning where the user does not say; 1 when left out. */
  readonly iterations?: number;
  /** Which end of the scores stays; the largest when left out. */
  keep?(options: z.output<z.ZodObject<S>>): 'largest' | 'lowest';
  /** What a reader of the ticket should know about how it was made. */
  notes?(options: z.output<z.ZodObject<S>>, objective: Objective | undefined): readonly string[];
  prepare?(setting: PrepareSetting, options: z.output<z.ZodObject<S>>): void | Promise<void>;
  /** One score a prunable weight [d]. */
  score(
    input: ScoringInput,
    options: z.output<z.ZodObject<S>>,
  ): Float32Array | Promise<Float32Array>;
}

const SCOPES = ['global', 'layer', 'erk'] as const satisfies Scope[];

const scope = z
  .enum(SCOPES)
  .default('global')
  .describe(
    'compare weights across all layers, or keep the same share of each layer, or shares after Erdős–Rényi-kernel',
  );
const examplesPerClass = z
  .number()
  .int()
  .min(1)
  .default(10)
  .describe('training images of each class that scores come from');
/** More are a slip: the authors of SynFlow take 100. */
const MOST_ROUNDS = 10_000;

const iterations = (usual: number) =>
  z
    .number()
    .int()
    .min(1)
    .max(MOST_ROUNDS)
    .default(usual)
    .describe('rounds of scoring and pruning, with fresh images each; round n of N keeps κ^(n/N)');

/**
 * Makes a method of a function that scores weights: with scope, rounds and examples as options, for `findTicket` and
 * `winnow score` alike.
 */
export function defineScoring<S extends z.ZodRawShape = Record<never, never>>(
  definition: ScoringDefinition<S>,
): PrunerDescriptor {
  const { name, summary, needs = [], defaultObjective, road } = definition;
  const own = definition.options ?? (z.strictObject({}) as unknown as z.ZodObject<S>);
  const needsExamples = needs.includes('examples');
  const shared = z.strictObject({
    scope,
    iterations: iterations(definition.iterations ?? 1),
    ...(needsExamples ? { examplesPerClass } : {}),
  });
  const taken = Object.keys(shared.shape).find((option) => option in own.shape);
  if (taken !== undefined)
    throw new Error(`Method "${name}" has an option "${taken}", as all that score have.`);
  const options = (own as unknown as z.ZodObject).safeExtend(shared.shape);
  // The schema is made of both; the types of neither survive that.
  type Settled = z.output<typeof own> &
    z.output<typeof shared> & { readonly examplesPerClass?: number };
  const settle = (given: unknown) =>
    parseOptions(options, given, `method "${name}"`) as unknown as Settled;
  const scoring = (given: GivenOptions): Scoring => {
    const settled = settle(given);
    return {
      plan: (objective) => ({
        keep: definition.keep?.(settled) ?? 'largest',
        within: settled.scope,
        iterations: settled.iterations,
        examplesPerClass: settled.examplesPerClass ?? 0,
        notes: definition.notes?.(settled, objective) ?? [],
      }),
      score: (input) => definition.score(input, settled),
    };
  };
  return {
    kind: 'pruner',
    name,
    summary,
    options,
    needs,
    ...(defaultObjective === undefined ? {} : { defaultObjective }),
    ...(road && { road }),
    scoring,
    async prepare(setting, given) {
      const settled = settle(given);
      if (settled.examplesPerClass !== undefined)
        assertEnoughExamples(setting.dataset, settled.examplesPerClass);
      await definition.prepare?.(setting, settled);
    },
    findTicket: async (context, given) => findByScores({ name, needs }, scoring(given), context),
  };
}
