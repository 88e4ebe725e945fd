import { WinnowError } from '@winnow/plugin-api';
import { SUPPORTED } from './supported.ts';

/** Says of a layer, by its name, what of it cannot be adapted. */
export function unsupported(layer: string, problem: string): WinnowError {
  return new WinnowError('UNSUPPORTED_MODEL', `The layer "${layer}" ${problem}.`, {
    hint: `Supported: ${SUPPORTED}; any function of parameters is, by networkOf of @winnow/models.`,
  });
}
