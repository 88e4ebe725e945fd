import type { DatasetRecipe } from '@winnow/plugin-api';

/** How weights are trained; every value as it is used. */
export interface TrainingRecipe extends DatasetRecipe {
  /** The order of clipping and masking and the scale of the gradient; see `Sgd`. */
  readonly name: 'standard' | 'authors';
  readonly momentum: number;
  /** Largest global gradient norm. */
  readonly clipNorm: number;
  /** The learning rate falls to 0 over the epochs, step by step, in place of drops and warm-up. */
  readonly decay?: 'linear';
}

/** A data set's recipe; what training needs besides is filled in by `trainingRecipe`. */
export type RecipeInput = DatasetRecipe & Partial<TrainingRecipe>;

/** As `winnow run` trains: recipe `standard`, momentum 0.9, clipping at a norm of 2, unless said otherwise. */
export function trainingRecipe(recipe: RecipeInput): TrainingRecipe {
  // What plain JavaScript gives as undefined is left out too.
  const given = Object.entries(recipe).filter(([, value]) => value !== undefined);
  return {
    name: 'standard',
    momentum: 0.9,
    clipNorm: 2,
    ...(Object.fromEntries(given) as RecipeInput),
  };
}

const DROP_FACTOR = 0.1;

/**
 * A data set's recipe for another number of epochs: drops and warm-up keep their share of the whole, in whole epochs. None
 * drops at the start.
 */
export function stretch(recipe: DatasetRecipe, epochs: number): DatasetRecipe {
  const scale = epochs / recipe.epochs;
  return {
    ...recipe,
    epochs,
    dropEpochs: recipe.dropEpochs.map((epoch) => Math.max(1, Math.round(epoch * scale))),
    warmupEpochs: Math.round(recipe.warmupEpochs * scale),
  };
}

/**
 * What a recipe has left from an epoch on, in another number of epochs: the drops still to come and what is left of the
 * warm-up keep their share of it; that warm-up begins at 0 once more. One that falls linearly falls on from where it is.
 */
export function compressRest(
  recipe: TrainingRecipe,
  fromEpoch: number,
  epochs: number,
): TrainingRecipe {
  const { dropEpochs, learningRate, warmupEpochs, decay } = recipe;
  if (decay)
    return { ...recipe, epochs, learningRate: learningRate * (1 - fromEpoch / recipe.epochs) };
  // At the end nothing is left to keep a share of.
  const share = fromEpoch === recipe.epochs ? 0 : epochs / (recipe.epochs - fromEpoch);
  const toCome = dropEpochs.filter((epoch) => epoch > fromEpoch);
  return {
    ...recipe,
    epochs,
    learningRate: learningRate * DROP_FACTOR ** (dropEpochs.length - toCome.length),
    dropEpochs: toCome.map((epoch) => (epoch - fromEpoch) * share),
    warmupEpochs: Math.max(0, warmupEpochs - fromEpoch) * share,
  };
}

/**
 * The learning rate of a step (0 is the first): linear warm-up by step, then a fall by 10 at each drop; or a linear fall from
 * the first step's to 0 after the last.
 */
export function learningRateAt(
  recipe: DatasetRecipe & Pick<TrainingRecipe, 'decay'>,
  step: number,
  stepsPerEpoch: number,
): number {
  if (recipe.decay) return recipe.learningRate * (1 - step / (recipe.epochs * stepsPerEpoch));
  const warmupSteps = recipe.warmupEpochs * stepsPerEpoch;
  // A fraction of a step at the end of a warm-up would go beyond the rate.
  if (step < warmupSteps) return recipe.learningRate * Math.min(1, (step + 1) / warmupSteps);
  const epoch = step / stepsPerEpoch;
  const drops = recipe.dropEpochs.filter((drop) => epoch >= drop).length;
  return recipe.learningRate * DROP_FACTOR ** drops;
}
