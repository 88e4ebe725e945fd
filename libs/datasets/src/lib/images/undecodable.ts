import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import { LimitReached } from '@winnow/files/confined';

/** The decoder goes on for lines, or knows nothing to say. */
function reasonOf(cause: unknown): string {
  const told = isWinnowError(cause) ? cause.sentence.replace(/\.$/, '') : (cause as Error).message;
  const reason = told.split('\n')[0]!.trim();
  return /^(unknown error)?$/i.test(reason) ? 'it is damaged' : reason;
}

export const isBeyondLimits = (cause: unknown) => cause instanceof LimitReached;

/** What the system says of a file, and not the decoder of its content. */
const isOfSystem = (cause: unknown) => (cause as NodeJS.ErrnoException).syscall !== undefined;

/** BAD_IMAGE, or BAD_DATA for an image beyond the limits, or what whoever holds it has said already. */
export function undecodable(name: string, cause: unknown, hint: string): WinnowError {
  const code = isWinnowError(cause) ? cause.code : 'BAD_IMAGE';
  return new WinnowError(
    isBeyondLimits(cause) ? 'BAD_DATA' : code,
    `Cannot ${isOfSystem(cause) ? 'read' : 'decode'} ${name} (${reasonOf(cause)}).`,
    { hint, cause },
  );
}
