import { type NamedTensors, type Network, WinnowError } from '@winnow/plugin-api';
import type { TensorsByName, TrainingSetting } from './training-setting.ts';

function invalid(problem: string, hint: string): WinnowError {
  return new WinnowError('INVALID_OPTION', problem, { hint });
}

const POSITIVE_WHOLE = ['epochs', 'batchSize'] as const;
const NUMBERS = ['learningRate', 'warmupEpochs', 'weightDecay'] as const;

/** A number of images. Throws INVALID_OPTION. */
export function checkBatchSize(batchSize: unknown): void {
  if (Number.isInteger(batchSize) && (batchSize as number) > 0) return;
  throw invalid(`The batch size is ${String(batchSize)}.`, 'Give a whole number from 1.');
}

function checkRecipe(recipe: Readonly<Record<string, unknown>> | undefined): void {
  const wrong = (name: string) =>
    invalid(
      `The recipe has ${name} ${String(recipe?.[name])}.`,
      'Give learningRate, epochs, dropEpochs, warmupEpochs, weightDecay and batchSize, as the recipe of a data set does.',
    );
  for (const name of POSITIVE_WHOLE)
    if (!Number.isInteger(recipe?.[name]) || (recipe![name] as number) < 1) throw wrong(name);
  for (const name of NUMBERS)
    if (!Number.isFinite(recipe![name]) || (recipe![name] as number) < 0) throw wrong(name);
  if (!Array.isArray(recipe!['dropEpochs'])) throw wrong('dropEpochs');
}

/** Throws BAD_DATA where a network has fewer than two classes, or images no labels, or one that it has no logit for. */
export function checkLabels(
  source: { readonly labels?: Int32Array } | undefined,
  { name, classes }: Pick<Network, 'name' | 'classes'>,
  what: 'training' | 'validation' | 'evaluated',
): void {
  if (source?.labels === undefined) {
    throw new WinnowError('BAD_DATA', `The ${what} images have no labels.`, {
      hint: 'Give an image source, such as arraySource of @winnow/data makes of arrays.',
    });
  }
  if (classes < 2) {
    throw new WinnowError(
      'BAD_DATA',
      `${name} has ${classes === 1 ? '1 class' : `${classes} classes`}, and nothing to tell apart.`,
      {
        hint: 'Give it two classes at least.',
      },
    );
  }
  const label = source.labels.find((l) => l < 0 || l >= classes);
  if (label === undefined) return;
  throw new WinnowError(
    'BAD_DATA',
    `The ${what} images have the label ${label}, and ${name} has ${classes} classes.`,
    { hint: 'Number the classes from 0, and give the network a logit for each.' },
  );
}

/**
 * What plain JavaScript may hand over, before it is trained with and gives a wrong number. Throws INVALID_OPTION,
 * WEIGHTS_MISMATCH, BAD_DATA.
 */
export function checkSetting<P extends TensorsByName<P>>(setting: TrainingSetting<P>): void {
  const { network, recipe, fromEpoch = 0, seed = 1 } = setting;
  checkRecipe(recipe as unknown as Readonly<Record<string, unknown>> | undefined);
  if (!(Number.isInteger(fromEpoch) && fromEpoch >= 0 && fromEpoch <= recipe.epochs))
    throw invalid(
      `The start point is at epoch ${fromEpoch}.`,
      'Give a whole one of the recipe, from 0.',
    );
  if (!Number.isInteger(seed)) throw invalid(`The seed is ${seed}.`, 'Give a whole number.');
  // Of plain JavaScript, anything may come.
  const { signal, train } = setting as {
    readonly signal?: { readonly aborted?: unknown } | null;
    readonly train?: { readonly labels?: Int32Array };
  };
  if (signal !== undefined && typeof signal?.aborted !== 'boolean')
    throw invalid('The signal is no AbortSignal.', 'Give the `signal` of an AbortController.');
  const parameters = setting.parameters as NamedTensors;
  for (const { name, shape } of network.parameters) {
    const given = parameters[name]?.shape;
    if (given?.join() === shape.join()) continue;
    throw new WinnowError(
      'WEIGHTS_MISMATCH',
      `The parameter "${name}" of ${network.name} is ${given ? `[${given.join(', ')}]` : 'missing'} where [${shape.join(', ')}] is due.`,
      { hint: 'Give every parameter of the network in its shape.' },
    );
  }
  checkLabels(train, network, 'training');
}
