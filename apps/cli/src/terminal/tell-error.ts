import { visible } from '@winnow/plugin-api/text';
import type { Console } from './console.ts';
import { oneLine } from './one-line.ts';

const EXIT_USER_ERROR = 1;
const EXIT_INTERRUPTED = 130;

export const errorLine = (code: string, message: string) =>
  `error [${code}]: ${oneLine(message)}\n`;

/** Writes one line of an error, and its stack where `WINNOW_DEBUG` asks for it; gives the exit code. */
export async function tellError(error: unknown, console: Console): Promise<number> {
  // Not before there is an error: help does without it.
  const { INTERRUPTED, isWinnowError } = await import('@winnow/plugin-api');
  const known = isWinnowError(error);
  const message = error instanceof Error ? error.message : String(error);
  console.notes.write(
    known
      ? errorLine(error.code, message)
      : errorLine('INTERNAL', `${message.trim()} (WINNOW_DEBUG=1 tells where)`),
  );
  const traced = known ? error.cause : error;
  // Stacks only for those who ask for them.
  if (process.env['WINNOW_DEBUG'] && traced instanceof Error)
    console.notes.write(`${visible(traced.stack ?? '')}\n`);
  return known && error.code === INTERRUPTED ? EXIT_INTERRUPTED : EXIT_USER_ERROR;
}
