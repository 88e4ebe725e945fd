import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { INTERRUPTED, WinnowError, isWinnowError } from '@winnow/plugin-api';
import { RECORD, backendFolder } from '../backends/installed-packages.ts';
import { alone } from './alone.ts';
import { type Installation, foreignFolder, installation, workshop } from './installation.ts';
import { programProblem } from './program-problem.ts';
import { type Recipe, recipeOf } from './recipes.ts';
import { type RunProgram, runProgram } from './run-program.ts';
import {
  type LibrarySource,
  type Making,
  addTensorflow,
  assertTensorflowTools,
} from './tensorflow-parts.ts';
import { type Platform, assertNpm, assertPlatform, platformHere } from './tools-here.ts';

export interface InstallOptions extends Partial<LibrarySource> {
  readonly signal: AbortSignal;
  readonly onStep?: (step: string) => void;
  /** Programs of the machine; others in tests. */
  readonly run?: RunProgram;
  readonly platform?: Platform;
}

/** A program that is given by a path is started in other folders. */
const programAt = (name: string) => (/[\\/]/.test(name) ? resolve(name) : name);

/**
 * Throws what installing a backend would lack here: NOT_INSTALLABLE, PROGRAM_MISSING, WRONG_TENSORFLOW, INVALID_OPTION.
 */
export async function assertInstallable(
  name: string,
  { from, python: given = 'python3', signal, run = runProgram, platform }: InstallOptions,
): Promise<void> {
  const python = programAt(given);
  const recipe = recipeOf(name);
  assertPlatform(recipe, platform ?? platformHere());
  if (from !== undefined && !recipe.library) {
    throw new WinnowError('INVALID_OPTION', `Backend "${name}" takes nothing of a TensorFlow.`, {
      hint: 'Leave out --from.',
    });
  }
  await assertNpm(run, signal);
  if (recipe.library)
    await assertTensorflowTools(recipe.library, { from, python }, { run, signal });
}

/**
 * Makes a backend in a folder of its own, which appears once it is whole; the programs that make it are npm, pip and a C++
 * compiler. Gives what is there, and whether it was before. Throws what `assertInstallable` does, INSTALL_RUNNING,
 * FETCH_FAILED, INSTALL_FAILED, FILE_NOT_WRITABLE, INTERRUPTED; then nothing is left.
 */
export async function installBackend(
  name: string,
  options: InstallOptions,
): Promise<Installation & { readonly alreadyThere: boolean }> {
  const there = await installation(name);
  if (there) return { ...there, alreadyThere: true };
  const target = backendFolder(name);
  if (existsSync(target)) throw foreignFolder(target);
  try {
    await assertInstallable(name, options);
    await alone(name, () => put(name, target, options));
  } catch (error) {
    throw inSentences(error, target, options.signal);
  }
  return { ...(await installation(name))!, alreadyThere: false };
}

async function put(name: string, target: string, options: InstallOptions): Promise<void> {
  // Another may have done it since.
  if (await installation(name)) return;
  await assertRoom(recipeOf(name), dirname(target));
  const place = await workshop(name);
  try {
    const folder = join(place, name);
    await mkdir(folder);
    await make(recipeOf(name), folder, options);
    options.signal.throwIfAborted();
    await rename(folder, target);
  } finally {
    await rm(place, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function make(recipe: Recipe, folder: string, options: InstallOptions): Promise<void> {
  const { from, signal, run = runProgram, onStep = () => {} } = options;
  const python = programAt(options.python ?? 'python3');
  const making: Making = { folder, run, signal, onStep };
  await installPackages(recipe, making);
  const { library } = recipe;
  const tensorflow = library && {
    tensorflow: await addTensorflow(library, { from, python }, making),
  };
  if (!library) await dropOtherPlatforms(folder);
  const versions = { ...recipe.packages, ...tensorflow };
  await writeFile(join(folder, RECORD), `${JSON.stringify({ versions }, undefined, 2)}\n`);
}

/** No package's script is run. */
async function installPackages(
  { packages, overrides }: Recipe,
  { folder, run, signal, onStep }: Making,
): Promise<void> {
  const manifest = { private: true, dependencies: packages, overrides };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  const named = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  onStep(`npm fetches ${named.join(', ')}`);
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];
  const args = ['install', '--ignore-scripts', ...quietly];
  const ended = await run('npm', args, { cwd: folder, signal });
  if (ended.status !== 0) throw programProblem('npm', `fetch ${named[0]}`, ended);
}

/** Dawn's package holds the libraries of all. */
async function dropOtherPlatforms(folder: string): Promise<void> {
  const libraries = join(folder, 'node_modules/webgpu/dist');
  const own = process.platform === 'darwin' ? 'darwin-' : `${process.platform}-${process.arch}`;
  for (const name of await readdir(libraries)) {
    if (/^(linux|darwin|win32)-/.test(name) && !name.startsWith(own)) {
      await rm(join(libraries, name), { recursive: true });
    }
  }
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

async function assertRoom({ name, roomBytes }: Recipe, folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= roomBytes) return;
  throw new WinnowError(
    'FILE_NOT_WRITABLE',
    `Backend "${name}" takes up to ${gigabytes(roomBytes)} while it is made, and ${folder} has ${gigabytes(bavail * bsize)}.`,
    { hint: 'Make room there, or name another place in WINNOW_BACKENDS.' },
  );
}

function inSentences(error: unknown, target: string, signal: AbortSignal): unknown {
  if (signal.aborted) {
    return new WinnowError(INTERRUPTED, 'Interrupted; nothing was installed.', { cause: error });
  }
  if (isWinnowError(error)) return error;
  const { message } = error as Error;
  return new WinnowError('FILE_NOT_WRITABLE', `Cannot write ${target} (${message}).`, {
    hint: 'Make room there, or name another place in WINNOW_BACKENDS.',
    cause: error,
  });
}
