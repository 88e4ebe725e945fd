import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { memoryRecords } from '../backends/backend-records.ts';
import { probeHere } from '../backends/probe-here.ts';
import type { Services } from '../composition/services.ts';
import { run } from '../run.ts';
import { interruptionBy } from '../terminal/interruption.ts';
import { memoryConsole } from '../terminal/memory-console.ts';
import { executeHere } from '../composition/execute-here.ts';

const ENTRY = fileURLToPath(new URL('../../bin/winnow.js', import.meta.url));
const BUILT = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Outcome {
  /** The exit code, or the signal that ended it. */
  readonly status: number | string;
  readonly stdout: string;
  /** Without the lines that say which plugins were loaded, and what is installed here that was not measured. */
  readonly stderr: string;
}

const withoutLoading = (notes: string) => notes.replace(/^note: loaded .*\n/gm, '');
const withoutMachine = (notes: string) => notes.replace(/^note: auto takes .*\n/gm, '');

/** Runs the program in this process, with a console of its own; many runs one after another, here too. */
export function runWinnow(...args: readonly string[]): Promise<Outcome> {
  return runWinnowOn({}, ...args);
}

/** The same over other services than those of a machine of which nothing is known. */
export async function runWinnowOn(
  services: Partial<Services>,
  ...args: readonly string[]
): Promise<Outcome> {
  const console = memoryConsole();
  const interruption = interruptionBy(new AbortController());
  const here = { records: memoryRecords(), probe: probeHere, ...services };
  const quiet: Partial<Services> = { console, progress: false, interruption, ...here };
  const status = await run(args, { ...quiet, execute: executeHere(quiet) });
  const { out, notes } = console.written;
  return { status, stdout: out, stderr: withoutLoading(notes) };
}

/** The same in this folder. */
export async function runWinnowIn(folder: string, ...args: readonly string[]): Promise<Outcome> {
  const from = process.cwd();
  process.chdir(folder);
  try {
    return await runWinnow(...args);
  } finally {
    process.chdir(from);
  }
}

/** Runs the built program in a process of its own, as a user in this folder does. */
export function spawnWinnowIn(cwd: string, ...args: readonly string[]): Promise<Outcome> {
  if (!existsSync(BUILT))
    throw new Error('The command line is not built: run npx nx build @winnow/cli.');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [ENTRY, ...args],
      { cwd, env: process.env },
      (error, stdout, stderr) => {
        const status = error ? (error.code ?? error.signal ?? 'unknown') : 0;
        resolve({ status, stdout, stderr: withoutMachine(withoutLoading(stderr)) });
      },
    );
  });
}
