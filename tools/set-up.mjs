// Plain JavaScript, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.winnow-installed`;

/** Runs a command in the project's root with its output shown; returns its exit status. */
export function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...env },
  });
  return status ?? 1;
}

function must(command, args) {
  const status = run(command, args);
  if (status !== 0) process.exit(status);
}

/** Installs what the lockfile says, unless that is done. */
export function install() {
  const hash = createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex');
  const done = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (done === hash) return;
  console.error('Installing packages …');
  must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, hash);
}

// The compiler, and the linter with it, are in Go, whose collector takes a third of their time to save a gigabyte.
process.env.GOGC ??= '400';

/**
 * The script that compiles TypeScript. The package `typescript` is the compiler as a library, which its successor is not
 * yet. Several checkers in one project would each find out the same types.
 */
export const tsc = ['node_modules/@typescript/native/bin/tsc', '--build', '--checkers', '1'];

/** Compiles what is stale of these projects; returns the exit status. */
export const compile = (...projects) => run(process.execPath, [...tsc, ...projects]);

/** Compiles what is stale: the libraries, and the native engine where there is a C++ compiler. */
export async function build() {
  const status = compile(
    'apps/cli/tsconfig.lib.json',
    'libs/layers-model/tsconfig.lib.json',
    'libs/testing/tsconfig.lib.json',
    'examples/plugin-kit/tsconfig.lib.json',
  );
  if (status !== 0) process.exit(status);
  // Imported here, because it needs a package that the installation brings.
  const { buildEngine } = await import('./build-engine.mjs');
  const problem = await buildEngine();
  if (problem) console.error(problem);
}
