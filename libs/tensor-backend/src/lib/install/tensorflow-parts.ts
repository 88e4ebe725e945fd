import { constants, existsSync, readFileSync, readdirSync } from 'node:fs';
import { copyFile, link, mkdir, realpath, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { programProblem } from './program-problem.ts';
import { LIBRARIES, cudaRequirements, tensorflowIn } from './python-tensorflow.ts';
import type { PythonTensorflow } from './python-tensorflow.ts';
import { BINDING, TENSORFLOW_VERSION, type TensorflowLibrary, WHEEL_PYTHON } from './recipes.ts';
import type { RunProgram } from './run-program.ts';
import { assertPip, compilerHere } from './tools-here.ts';

export interface Making {
  /** Where the backend is made; its folder afterwards. */
  readonly folder: string;
  readonly run: RunProgram;
  readonly signal: AbortSignal;
  readonly onStep: (step: string) => void;
}

export interface LibrarySource {
  /** A TensorFlow of Python that is there. */
  readonly from?: string | undefined;
  /** The Python whose pip fetches it otherwise. */
  readonly python: string;
}

/** What is kept of Python's packages; as they lie there, because TensorFlow looks for CUDA in the folder beside its own. */
const KEPT = 'site-packages';

/** Throws, before anything is fetched, what fetching or building will lack. */
export async function assertTensorflowTools(
  library: TensorflowLibrary,
  { from, python }: LibrarySource,
  { run, signal }: Pick<Making, 'run' | 'signal'>,
): Promise<void> {
  await compilerHere(run, signal);
  if (from === undefined) await assertPip(python, run, signal);
  else tensorflowIn(from, library);
}

/** Adds TensorFlow's library and the binding to the packages of npm, and returns the library's version. */
export async function addTensorflow(
  library: TensorflowLibrary,
  { from, python }: LibrarySource,
  making: Making,
): Promise<string> {
  // Its package asks for the core by both names.
  await symlink('tfjs', join(making.folder, 'node_modules/@tensorflow/tfjs-core'));
  const wheels = join(making.folder, 'wheels');
  if (from === undefined) await fetchWheels(library, python, wheels, making);
  const tensorflow = tensorflowIn(from ?? wheels, library);
  await compileBinding(library, tensorflow, making);
  await keepLibraries(tensorflow, library, join(making.folder, KEPT));
  await rm(wheels, { recursive: true, force: true });
  await assertLoads(library, making);
  return tensorflow.version;
}

async function fetchWheels(
  { wheel, cuda }: TensorflowLibrary,
  python: string,
  target: string,
  { folder, run, signal, onStep }: Making,
): Promise<void> {
  // pip unpacks there what it moves to its target.
  const TMPDIR = join(folder, 'pip');
  await mkdir(TMPDIR, { recursive: true });
  const fetch = async (what: readonly string[]) => {
    const args = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
    const wheels = ['--no-deps', '--no-compile', '--only-binary=:all:', '--python-version'];
    const settings = { cwd: folder, env: { TMPDIR }, signal };
    const all = [...args, ...wheels, WHEEL_PYTHON, '--target', target, ...what];
    const ended = await run(python, all, settings);
    if (ended.status !== 0) throw programProblem('pip', `fetch ${what[0]}`, ended);
  };
  const wanted = `${wheel}==${TENSORFLOW_VERSION}`;
  onStep(`pip fetches ${wanted}`);
  await fetch([wanted]);
  if (cuda) {
    const info = readdirSync(target).find((name) => /^tensorflow-.*\.dist-info$/.test(name));
    const needed = cudaRequirements(readFileSync(join(target, info!, 'METADATA'), 'utf8'));
    onStep(`pip fetches CUDA: ${needed.length} packages`);
    await fetch(needed);
  }
  await rm(TMPDIR, { recursive: true, force: true });
}

async function compileBinding(
  { binding }: TensorflowLibrary,
  tensorflow: PythonTensorflow,
  { folder, run, signal, onStep }: Making,
): Promise<void> {
  const compiler = await compilerHere(run, signal);
  onStep(`${compiler} compiles the binding`);
  const own = join('node_modules', binding);
  await mkdir(dirname(join(folder, own, BINDING)), { recursive: true });
  const upwards = join(own, dirname(BINDING)).split('/').fill('..').join('/');
  const args = [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8'],
    '-Inode_modules/node-api-headers/include',
    `-I${join(tensorflow.folder, 'include')}`,
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(own, 'binding', file)),
    `-Wl,-rpath,$ORIGIN/${upwards}/${KEPT}/tensorflow`,
    ...LIBRARIES.map((name) => join(tensorflow.folder, name)),
    ...['-o', join(own, BINDING)],
  ];
  const ended = await run(compiler, args, { cwd: folder, signal });
  if (ended.status !== 0) throw programProblem(compiler, 'compile the binding', ended);
}

/** A second name of a file where the file system allows, so that it costs nothing and outlives the first; else a copy. */
async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const source = await realpath(from);
  await link(source, to).catch(() => copyFile(source, to, constants.COPYFILE_FICLONE));
}

async function keepLibraries(
  { folder, sitePackages }: PythonTensorflow,
  { cuda }: TensorflowLibrary,
  target: string,
): Promise<void> {
  for (const name of LIBRARIES) await place(join(folder, name), join(target, 'tensorflow', name));
  if (!cuda) return;
  for (const path of cudaFiles(sitePackages)) {
    await place(join(sitePackages, path), join(target, path));
  }
}

/** What TensorFlow opens of CUDA's packages: libraries, and the assembler for GPUs that are newer than they. */
function cudaFiles(sitePackages: string): string[] {
  const all = join(sitePackages, 'nvidia');
  if (!existsSync(all)) return [];
  const libraries = readdirSync(all).flatMap((part) => {
    const lib = join(all, part, 'lib');
    const names = existsSync(lib) ? readdirSync(lib) : [];
    return names.filter((it) => it.includes('.so')).map((it) => join('nvidia', part, 'lib', it));
  });
  const assembler = ['bin/ptxas', 'nvvm/libdevice/libdevice.10.bc']
    .map((path) => join('nvidia/cuda_nvcc', path))
    .filter((path) => existsSync(join(sitePackages, path)));
  return [...libraries, ...assembler];
}

/** In a process of its own, which a library that does not suit the processor ends. */
async function assertLoads(
  { binding }: TensorflowLibrary,
  { folder, run, signal, onStep }: Making,
): Promise<void> {
  onStep('Node loads it');
  const path = join(folder, 'node_modules', binding, BINDING);
  const ended = await run(process.execPath, ['-e', 'require(process.argv[1])', path], {
    cwd: folder,
    env: { NODE_OPTIONS: '' },
    signal,
  });
  if (ended.status !== 0) throw programProblem('Node', "load TensorFlow's library", ended);
}
