import { WinnowError } from '@winnow/plugin-api';
import type { Layer } from './translation.ts';

/** `subject`: what of a model cannot be adapted, whatever it is. */
export function refused(subject: string, problem: string): WinnowError {
  return new WinnowError('UNSUPPORTED_MODEL', `${subject} ${problem}.`, {
    hint: 'Write the network as a function: networkOf(compute, parameters, { input }) of @winnow/models.',
  });
}

/** Says of a layer, by its name and class, what of it cannot be adapted. */
export function unsupported(
  { name, layer }: { readonly name: string; readonly layer: Layer },
  problem: string,
): WinnowError {
  return refused(`Layer "${name}" (${layer.getClassName()})`, problem);
}
