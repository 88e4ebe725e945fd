import { WinnowError } from '@winnow/plugin-api';
import type { Ended } from './run-program.ts';

const FULL = /ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/i;
const NO_NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|NewConnectionError|ConnectTimeout|Read timed out|name resolution|network is unreachable|Could not resolve/i;
const NOT_PUBLISHED = /No matching distribution found|ETARGET|E404/;

/** The line that says most of what a program wrote. */
function tellingLine(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const errors = lines.filter((line) => /\berror\b|ERR!/i.test(line));
  return errors[0] ?? lines.filter(Boolean).at(-1) ?? 'it said nothing';
}

/** The error, by what is to be done, of a program that did not do its part: `what` it was to do. */
export function programProblem(program: string, what: string, { status, output }: Ended) {
  const because = (code: string, sentence: string, hint: string) =>
    new WinnowError(code, sentence, { hint });
  if (FULL.test(output)) {
    return because(
      'FILE_NOT_WRITABLE',
      `The disk is full: ${program} could not ${what}.`,
      'Make room there, or name another place in WINNOW_BACKENDS, and run the same command again.',
    );
  }
  if (NO_NETWORK.test(output)) {
    return because(
      'FETCH_FAILED',
      `${program} could not ${what}: the network does not answer.`,
      'Run the same command again when it does. npm and pip heed their own settings for proxies and mirrors.',
    );
  }
  if (NOT_PUBLISHED.test(output)) {
    return because(
      'INSTALL_FAILED',
      `${program} could not ${what}: it is not published for this platform where ${program} looks.`,
      'A newer pip may find it: python3 -m pip install --upgrade pip. Or use the backend native or wasm.',
    );
  }
  return because(
    'INSTALL_FAILED',
    `${program} could not ${what} (${status}): ${tellingLine(output)}`,
    'Nothing was installed. See "Installing" in docs/backends.md for what it takes.',
  );
}
