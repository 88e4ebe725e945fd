import { tmpdir } from 'node:os';
import { WinnowError } from '@winnow/plugin-api';
import type { Recipe } from './recipes.ts';
import type { RunProgram } from './run-program.ts';

/** What of the machine decides whether a backend can be had on it. */
export interface Platform {
  readonly platform: string;
  readonly arch: string;
  /** The C library that published libraries want on Linux; undefined with another. */
  readonly glibc?: string | undefined;
}

export function platformHere(): Platform {
  const { platform, arch } = process;
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return { platform, arch, glibc: header?.glibcVersionRuntime };
}

/** Throws NOT_INSTALLABLE where the parts of a backend are not published for a platform. */
export function assertPlatform({ name, platforms }: Recipe, here: Platform): void {
  const musl = here.platform === 'linux' && here.glibc === undefined;
  if (platforms.includes(`${here.platform}-${here.arch}`) && !musl) return;
  const what = `${here.platform} on ${here.arch}${musl ? ' with a C library other than glibc' : ''}`;
  throw new WinnowError('NOT_INSTALLABLE', `Backend "${name}" is not published for ${what}.`, {
    hint: `It is for ${platforms.join(', ')}. The backends native and wasm need nothing.`,
  });
}

const missing = (sentence: string, hint: string) =>
  new WinnowError('PROGRAM_MISSING', sentence, { hint });

/** The C++ compiler of the machine. Throws PROGRAM_MISSING. */
export async function compilerHere(run: RunProgram, signal: AbortSignal): Promise<string> {
  for (const compiler of [process.env['CXX'], 'c++', 'g++', 'clang++']) {
    if (compiler && (await answers(run, signal, compiler, '--version'))) return compiler;
  }
  throw missing(
    "There is no C++ compiler, which compiles TensorFlow.js's binding.",
    'Install one (Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++), or name it in CXX.',
  );
}

/** Throws PROGRAM_MISSING. */
export async function assertNpm(run: RunProgram, signal: AbortSignal): Promise<void> {
  if (await answers(run, signal, 'npm', '--version')) return;
  throw missing('There is no npm.', 'Install it; it comes with Node.js.');
}

/** Throws PROGRAM_MISSING where a Python has no pip, or is none. */
export async function assertPip(
  python: string,
  run: RunProgram,
  signal: AbortSignal,
): Promise<void> {
  if (await answers(run, signal, python, '-m', 'pip', '--version')) return;
  throw missing(
    `There is no pip in ${python}, which fetches TensorFlow's library.`,
    'Install it (Debian, Ubuntu: apt install python3-pip), name another Python in --python, or give a TensorFlow that is there in --from.',
  );
}

async function answers(
  run: RunProgram,
  signal: AbortSignal,
  program: string,
  ...args: readonly string[]
): Promise<boolean> {
  const { status } = await run(program, args, { cwd: tmpdir(), signal });
  return status === 0;
}
