import type { LayerRoads, Network, Road, WhyOps } from '@winnow/plugin-api';
import { programRoad } from '@winnow/tensor-backend';
import type { TrainingRecipe } from './recipe.ts';
import { knownTo } from './trainee.ts';

/** In plain words; why a program knows nothing of a ticket too. */
const WHY: Readonly<Record<WhyOps, string>> = {
  recipe: 'the recipe "authors" clips by the gradient of all',
  backend: 'the backend has no programs',
  model: 'the model does not show by which layers it computes',
  density: 'so much is kept that this is faster',
  form: 'the network is of no form that programs have',
  activations: 'the objective looks at activations, which no program shows',
  'second-derivatives': 'programs have no second derivatives',
};

/**
 * The road that training by a recipe (see `Trainee`), or inference where none is given (see `inferenceOf`), takes under a
 * mask, or with all weights, on the current backend. It plans a program where there is one, and computes nothing.
 */
export function roadOf(
  network: Network,
  mask: Uint8Array | undefined,
  recipe?: Pick<TrainingRecipe, 'name'>,
): Road {
  const known = recipe ? knownTo(mask, recipe) : mask;
  const road = programRoad(network, known, { differentiable: recipe !== undefined });
  const needsAll = mask !== undefined && known === undefined;
  return needsAll && (road.by === 'program' || road.why === 'density')
    ? { ...road, why: 'recipe' }
    : road;
}

/** "20 layers, 3 dense and 17 by their kept weights" */
function tellLayers({ dense, kept }: LayerRoads, byWeights: string): string {
  const parts = [
    [dense.length, 'dense'],
    [kept.length, byWeights],
  ] as const;
  const sum = dense.length + kept.length;
  const all = parts.find(([count]) => count === sum);
  const told = all ? `all ${all[1]}` : parts.map(([count, how]) => `${count} ${how}`).join(' and ');
  return `${sum} layers, ${told}`;
}

/** "all weights, op by op: the backend has no programs"; a network with all weights has none that are "kept". */
export function tellRoad(road: Road, byWeights = 'by their kept weights'): string {
  if (road.by === 'ops') return `all weights, op by op: ${WHY[road.why]}`;
  const program = road.layers
    ? `one program of ${tellLayers(road.layers, byWeights)}`
    : 'one program';
  return road.why ? `${program}: ${WHY[road.why]}` : program;
}
