import { CommanderError } from 'commander';
import { oneLine } from './one-line.ts';
import { runProgram } from './program.ts';

const EXIT_USER_ERROR = 1;
const EXIT_INTERRUPTED = 130;

/** One line on what went wrong; stacks only for those who ask for them. */
async function report(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode;
  // Not before there is an error: help does without it.
  const { INTERRUPTED, isWinnowError } = await import('@winnow/plugin-api');
  const known = isWinnowError(error);
  if (known) process.stderr.write(`error [${error.code}]: ${oneLine(error.message)}\n`);
  else {
    const message = oneLine(error instanceof Error ? error.message : String(error));
    process.stderr.write(`error [INTERNAL]: ${message} (WINNOW_DEBUG=1 tells where)\n`);
  }
  const traced = known ? error.cause : error;
  if (process.env['WINNOW_DEBUG'] && traced instanceof Error)
    process.stderr.write(`${traced.stack}\n`);
  return known && error.code === INTERRUPTED ? EXIT_INTERRUPTED : EXIT_USER_ERROR;
}

// A reader that has seen enough, as `head` has, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  await runProgram(process.argv.slice(2));
} catch (error) {
  process.exitCode = await report(error);
}
