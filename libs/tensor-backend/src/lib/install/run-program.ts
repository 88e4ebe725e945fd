import { spawn } from 'node:child_process';

export interface Ended {
  /** `undefined` where there is no such program. */
  readonly status: number | string | undefined;
  /** The last of what it wrote, to either stream. */
  readonly output: string;
}

export interface ProgramSettings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Runs a program of the machine until it has ended. Rejects with the signal's reason, once it has ended after that. */
export type RunProgram = (
  program: string,
  args: readonly string[],
  settings: ProgramSettings,
) => Promise<Ended>;

const KEPT_CHARACTERS = 20_000;

export const runProgram: RunProgram = (program, args, { cwd, env, signal }) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm is a script for the shell there; its arguments are Winnow's own.
      shell: process.platform === 'win32' && program === 'npm',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-KEPT_CHARACTERS);
      });
    }
    let absent = false;
    child.on('error', ({ code }: NodeJS.ErrnoException) => {
      absent = code === 'ENOENT' || code === 'EACCES';
    });
    child.on('close', (status, killedBy) => {
      if (signal.aborted) reject(signal.reason as Error);
      else resolve({ status: absent ? undefined : (status ?? killedBy!), output });
    });
  });
