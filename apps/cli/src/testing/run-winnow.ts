import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../../bin/winnow.js', import.meta.url));
const BUILT = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Outcome {
  /** The exit code, or the signal that ended it. */
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program as a user does. */
export function runWinnow(...args: readonly string[]): Promise<Outcome> {
  return runWinnowIn(process.cwd(), ...args);
}

/** Runs the built program as a user in this folder does. */
export function runWinnowIn(cwd: string, ...args: readonly string[]): Promise<Outcome> {
  if (!existsSync(BUILT))
    throw new Error('The command line is not built: run npx nx build winnow.');
  return new Promise((resolve) => {
    execFile(process.execPath, [ENTRY, ...args], { cwd }, (error, stdout, stderr) => {
      resolve({ status: error ? (error.code ?? error.signal ?? 'unknown') : 0, stdout, stderr });
    });
  });
}
