import { INTERRUPTED, isWinnowError } from '@winnow/plugin-api';
import { CommanderError } from 'commander';
import { oneLine } from './one-line.ts';
import { createProgram } from './program.ts';

const EXIT_USER_ERROR = 1;
const EXIT_INTERRUPTED = 130;

/** One line on what went wrong; a stack only for those who ask for it. */
function report(error: unknown): number {
  if (isWinnowError(error)) {
    process.stderr.write(`error [${error.code}]: ${oneLine(error.message)}\n`);
    return error.code === INTERRUPTED ? EXIT_INTERRUPTED : EXIT_USER_ERROR;
  }
  if (error instanceof CommanderError) return error.exitCode;
  const message = oneLine(error instanceof Error ? error.message : String(error));
  process.stderr.write(`error [INTERNAL]: ${message} (WINNOW_DEBUG=1 tells where)\n`);
  if (process.env['WINNOW_DEBUG'] && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  return EXIT_USER_ERROR;
}

// A reader that has seen enough, as `head` has, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  const argv = process.argv.slice(2);
  const program = await createProgram(argv);
  await program.parseAsync(argv, { from: 'user' });
} catch (error) {
  process.exitCode = report(error);
}
