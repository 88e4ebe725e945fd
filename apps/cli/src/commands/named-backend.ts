import { WinnowError } from '@winnow/plugin-api';
import { INSTALLABLE } from '@winnow/tensor-backend/install';

/** The backend that a command was given. Throws INVALID_OPTION where none was, with those that there are. */
export function namedBackend(name: string | undefined): string {
  if (name !== undefined) return name;
  throw new WinnowError('INVALID_OPTION', 'The name of a backend is missing.', {
    hint: `It is one of ${INSTALLABLE.join(', ')}.`,
  });
}
