import { CommanderError } from 'commander';
import { runProgram } from './commands/program.ts';
import type { Services } from './composition/services.ts';
import { processConsole } from './terminal/console.ts';
import { tellError } from './terminal/tell-error.ts';

const EXIT_DONE = 0;

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
    return tellError(error, console);
  }
}
