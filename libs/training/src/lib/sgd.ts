import { type Mask, type Scalar, type Vector, vectors } from '@winnow/tensor-backend';
import type { TrainingRecipe } from './recipe.ts';

/** The authors sum the cross-entropy over the 128 examples that each of their GPUs holds. */
const AUTHORS_BATCH = 128;
/** PyTorch's `clip_grad_norm_`. */
const CLIP_EPSILON = 1e-6;

export interface SgdSetting {
  /** See `SgdRates`. */
  readonly mask: Mask | undefined;
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
 * is masked. Returns the norm that was compared with `clipNorm`. Call it within a `tf.tidy`. Throws RangeError where the
 * three vectors have not one size.
 */
export function sgdStep(
  state: { readonly parameters: Vector; readonly gradient: Vector; readonly velocity: Vector },
  { mask, learningRate, recipe }: SgdSetting,
): Scalar {
  const { parameters, gradient, velocity } = state;
  if (gradient.size !== parameters.size || velocity.size !== parameters.size) {
    throw new RangeError(
      `${parameters.size} parameters, a gradient of ${gradient.size} and a velocity of ${velocity.size}.`,
    );
  }
  const authors = recipe.name === 'authors';
  const make = vectors();
  const { scalars } = make;
  const scale = scalars.of(authors ? AUTHORS_BATCH : 1);
  const norm = scalars.times(
    scale,
    scalars.root(make.squares(gradient, clipsByAll(recipe) ? undefined : mask)),
  );
  const above = scalars.plus(norm, scalars.of(CLIP_EPSILON));
  const clip = scalars.least(scalars.of(1), scalars.over(scalars.of(recipe.clipNorm), above));
  const factor = scalars.times(scale, clip);
  const { momentum, weightDecay } = recipe;
  make.sgd(state, { mask, factor, weightDecay, momentum, learningRate });
  return norm;
}
