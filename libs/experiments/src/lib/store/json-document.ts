import { WinnowError } from '@winnow/plugin-api';

/** Throws BAD_RUN. */
export function parseJson(bytes: Uint8Array, place: string, hint: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new WinnowError(
      'BAD_RUN',
      `${place} is not readable JSON (${(cause as Error).message}).`,
      {
        hint,
        cause,
      },
    );
  }
}
