import { type Vector, vectors } from '@winnow/tensor-backend';
import type { TrainingRecipe } from './recipe.ts';

/** The authors sum the cross-entropy over the 128 examples that each of their GPUs holds. */
const AUTHORS_BATCH = 128;
/** PyTorch's `clip_grad_norm_`. */
const CLIP_EPSILON = 1e-6;

export interface SgdSetting {
  /** 1 keeps a parameter; 0 holds it at 0. None means that all are kept. */
  readonly mask: Uint8Array | undefined;
  readonly learningRate: number;
  readonly recipe: Pick<TrainingRecipe, 'name' | 'momentum' | 'weightDecay' | 'clipNorm'>;
}

/** Whether the gradient of every weight is needed under a mask too. */
export function clipsByAll({ name }: Pick<TrainingRecipe, 'name'>): boolean {
  return name === 'authors';
}

/**
 * One step of SGD with momentum (no dampening) and weight decay on every parameter, along ∇ of the mean cross-entropy;
 * parameters and velocity change in place. `standard`: mask the gradient, clip it to the global norm, decay, momentum.
 * `authors` (the code of arXiv 2512.07142): the gradient of the cross-entropy summed over 128 examples, clipped before it
 * is masked. Returns the norm that was compared with `clipNorm`.
 */
export function sgdStep(
  state: { readonly parameters: Vector; readonly gradient: Vector; readonly velocity: Vector },
  { mask, learningRate, recipe }: SgdSetting,
): number {
  const authors = recipe.name === 'authors';
  const scale = authors ? AUTHORS_BATCH : 1;
  const norm =
    scale * Math.sqrt(vectors().squares(state.gradient, clipsByAll(recipe) ? undefined : mask));
  const factor = scale * Math.min(1, recipe.clipNorm / (norm + CLIP_EPSILON));
  const { momentum, weightDecay } = recipe;
  vectors().sgd(state, { mask, factor, weightDecay, momentum, learningRate });
  return norm;
}
