import { CommanderError } from 'commander';
import { visible } from '@winnow/plugin-api/text';
import { runProgram } from './commands/program.ts';
import type { Services } from './composition/services.ts';
import { processConsole } from './terminal/console.ts';
import { oneLine } from './terminal/one-line.ts';

const EXIT_DONE = 0;
const EXIT_USER_ERROR = 1;
const EXIT_INTERRUPTED = 130;

/**
 * Does what the words of a command line say, and gives the exit code: 0 done, 1 a user's error, of which one line was
 * written to the console, 130 interrupted. Services that are left out are this process's own. Never throws.
 */
export async function run(
  argv: readonly string[],
  services: Partial<Services> = {},
): Promise<number> {
  const { console = processConsole } = services;
  try {
    await runProgram(argv, services);
    return EXIT_DONE;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    // Not before there is an error: help does without it.
    const { INTERRUPTED, isWinnowError } = await import('@winnow/plugin-api');
    const known = isWinnowError(error);
    const message = oneLine(error instanceof Error ? error.message : String(error));
    console.notes.write(
      known
        ? `error [${error.code}]: ${message}\n`
        : `error [INTERNAL]: ${message} (WINNOW_DEBUG=1 tells where)\n`,
    );
    const traced = known ? error.cause : error;
    // Stacks only for those who ask for them.
    if (process.env['WINNOW_DEBUG'] && traced instanceof Error)
      console.notes.write(`${visible(traced.stack ?? '')}\n`);
    return known && error.code === INTERRUPTED ? EXIT_INTERRUPTED : EXIT_USER_ERROR;
  }
}
