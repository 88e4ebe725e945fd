import { type Network, WinnowError } from '@winnow/plugin-api';
import { checkParameters } from './check-parameters.ts';
import { checkRecipe } from './check-recipe.ts';
import type { TensorsByName, TrainingSetting } from './training-setting.ts';

function invalid(problem: string, hint: string): WinnowError {
  return new WinnowError('INVALID_OPTION', problem, { hint });
}

/** Throws BAD_DATA where a network has fewer than two classes, or images no labels, or one that it has no logit for. */
export function checkLabels(
  source: { readonly labels?: Int32Array } | undefined,
  { name, classes }: Pick<Network, 'name' | 'classes'>,
  what: 'training' | 'validation' | 'evaluated' | 'scored' | 'held-out',
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
  const { labels } = source;
  if (labels.length === 0)
    throw new WinnowError('BAD_DATA', `There is not one ${what} image.`, {
      hint: 'Give a source that has some.',
    });
  const at = labels.findIndex((l) => !(Number.isInteger(l) && l >= 0 && l < classes));
  if (at < 0) return;
  throw new WinnowError(
    'BAD_DATA',
    `The ${what} images have the label ${String(labels[at])}, and ${name} has ${classes} classes.`,
    { hint: 'Number the classes from 0, and give the network a logit for each.' },
  );
}

/**
 * What plain JavaScript may hand over, before it is trained with and gives a wrong number. Throws INVALID_OPTION,
 * WEIGHTS_MISMATCH, BAD_DATA.
 */
export function checkSetting<P extends TensorsByName<P>>(setting: TrainingSetting<P>): void {
  const { network, recipe, fromEpoch = 0, seed = 1 } = setting;
  checkRecipe(recipe);
  if (!(Number.isInteger(fromEpoch) && fromEpoch >= 0 && fromEpoch <= recipe.epochs))
    throw invalid(
      `The start point is at epoch ${fromEpoch}.`,
      'Give a whole one of the recipe, from 0.',
    );
  if (!(Number.isSafeInteger(seed) && seed >= 0))
    throw invalid(`The seed is ${seed}.`, 'Give a whole number from 0.');
  // Of plain JavaScript, anything may come.
  const { signal, train } = setting as {
    readonly signal?: { readonly aborted?: unknown } | null;
    readonly train?: { readonly labels?: Int32Array };
  };
  if (signal !== undefined && typeof signal?.aborted !== 'boolean')
    throw invalid('The signal is no AbortSignal.', 'Give the `signal` of an AbortController.');
  if ((network as Network | undefined) === undefined)
    throw invalid('There is no network.', 'Give one, such as networkOf of @winnow/models makes.');
  checkParameters(network, setting.parameters);
  checkLabels(train, network, 'training');
}
