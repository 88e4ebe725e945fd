import type { Network } from '@winnow/plugin-api';
import { hasPrograms } from '@winnow/tensor-backend';
import { KeptPrograms, keepsMuch } from './kept-programs.ts';
import type { TrainingRecipe } from './recipe.ts';
import { clipsByAll } from './sgd.ts';

/** Why a network is computed with op by op, in plain words. */
const WHY_OPS = {
  'no-ticket': 'there is no ticket',
  recipe: 'the recipe "authors" clips by the gradient of all',
  backend: 'the backend has no programs',
  model: 'the model does not show its layers',
  density: 'so much is kept that this is faster',
  form: 'the network is of no form that programs have',
  search: 'a search needs the gradient of all',
  'second-derivatives': 'programs have no second derivatives',
} as const;

export type WhyOps = keyof typeof WHY_OPS;

/** By what a network is computed: one program of the engine over kept weights alone, or ops over all weights. */
export type Road = { readonly by: 'program' } | { readonly by: 'ops'; readonly why: WhyOps };

/** What `KeptPrograms` refuses for. */
function whyRefused(network: Network, mask: Uint8Array): WhyOps {
  if (!hasPrograms()) return 'backend';
  if (!network.graph) return 'model';
  return keepsMuch(network, mask) ? 'density' : 'form';
}

/**
 * The road that training by a recipe (see `Trainee`), or inference where none is given (see `inferenceOf`), takes under a
 * mask on the current backend. It plans a program where there is one, and computes nothing.
 */
export function roadOf(
  network: Network,
  mask: Uint8Array | undefined,
  recipe?: Pick<TrainingRecipe, 'name'>,
): Road {
  if (!mask) return { by: 'ops', why: 'no-ticket' };
  if (recipe && clipsByAll(recipe)) return { by: 'ops', why: 'recipe' };
  const programs = KeptPrograms.of(network, mask, { differentiable: recipe !== undefined });
  if (!programs) return { by: 'ops', why: whyRefused(network, mask) };
  programs.dispose();
  return { by: 'program' };
}

/** "all weights, op by op: there is no ticket" */
export function tellRoad(road: Road): string {
  return road.by === 'program'
    ? 'kept weights alone, as one program'
    : `all weights, op by op: ${WHY_OPS[road.why]}`;
}
