import { WinnowError } from '@winnow/plugin-api';
import { type RecipeInput, type TrainingRecipe, trainingRecipe } from './recipe.ts';

type Field = readonly [what: string, allows: (value: unknown) => boolean];

const POSITIVE_WHOLE: Field = [
  'a whole number from 1',
  (value) => Number.isInteger(value) && (value as number) > 0,
];
const AT_LEAST_0: Field = [
  'a number from 0',
  (value) => Number.isFinite(value) && (value as number) >= 0,
];

const FIELDS: Readonly<Record<keyof TrainingRecipe, Field>> = {
  epochs: POSITIVE_WHOLE,
  batchSize: POSITIVE_WHOLE,
  learningRate: AT_LEAST_0,
  warmupEpochs: AT_LEAST_0,
  weightDecay: AT_LEAST_0,
  // Array.from, since `every` passes over holes.
  dropEpochs: [
    'a list of numbers',
    (value) => Array.isArray(value) && Array.from(value as unknown[]).every(Number.isFinite),
  ],
  name: ['"standard" or "authors"', (value) => value === 'standard' || value === 'authors'],
  momentum: [
    'a number from 0 to below 1',
    (value) => Number.isFinite(value) && (value as number) >= 0 && (value as number) < 1,
  ],
  // Infinity clips nothing.
  clipNorm: ['a number above 0', (value) => typeof value === 'number' && value > 0],
  decay: ['"linear", or left out', (value) => value === undefined || value === 'linear'],
};

const shown = (value: unknown) =>
  Array.isArray(value) ? `[${Array.from(value, String).join(', ')}]` : String(value);

/** Of a recipe, or what plain JavaScript gives for one. Throws INVALID_OPTION, naming the first field that is wrong or missing. */
export function checkRecipe(given: unknown): void {
  const recipe = trainingRecipe((given ?? {}) as RecipeInput);
  for (const [name, [what, allows]] of Object.entries(FIELDS)) {
    const value: unknown = recipe[name as keyof TrainingRecipe];
    if (allows(value)) continue;
    throw new WinnowError('INVALID_OPTION', `The recipe has ${name} ${shown(value)}.`, {
      hint: `Give ${what}; the recipe of a data set has all that must be there.`,
    });
  }
}
