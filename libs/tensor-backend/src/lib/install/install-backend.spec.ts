import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { installBackend } from './install-backend.ts';
import { installation, removeBackend } from './installation.ts';
import type { RunProgram } from './run-program.ts';

const LINUX = { platform: 'linux', arch: 'x64', glibc: '2.36' };
const METADATA = `Name: tensorflow
Requires-Dist: numpy>=1.26.0
Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"
Requires-Dist: nvidia-cudnn-cu12 (<10.0,>=9.3) ; extra == 'and-cuda'
Requires-Dist: nvidia-other; extra == "other"
`;

let root: string;
let before: string | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'winnow-install-'));
  before = process.env['WINNOW_BACKENDS'];
  process.env['WINNOW_BACKENDS'] = join(root, 'backends');
});

afterEach(() => {
  if (before === undefined) delete process.env['WINNOW_BACKENDS'];
  else process.env['WINNOW_BACKENDS'] = before;
  rmSync(root, { recursive: true });
});

function put(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const tensorflow = (version: string, cuda = false) => ({
  'tensorflow/libtensorflow_cc.so.2': 'cc',
  'tensorflow/libtensorflow_framework.so.2': 'framework',
  'tensorflow/include/tensorflow/c/c_api.h': 'header',
  'tensorflow/python/platform/build_info.py': `[('is_cuda_build', ${cuda ? 'True' : 'False'})]`,
  [`tensorflow${cuda ? '' : '_cpu'}-${version}.dist-info/METADATA`]: METADATA,
});

const CUDA = {
  'nvidia/cublas/lib/libcublas.so.12': 'cublas!',
  'nvidia/cublas/include/cublas.h': 'header',
  'nvidia/cuda_nvcc/bin/ptxas': 'ptxas',
  'nvidia/cuda_nvcc/bin/nvlink': 'nvlink',
};

function nameOf(program: string, args: readonly string[]): string {
  if (program === process.execPath) return 'node';
  if (args.includes('-shared')) return 'compiler';
  return args[1] === 'pip' ? 'pip' : program;
}

/** npm, pip, a compiler and Node, which do what is looked at afterwards, or `fails`. */
function machine(fails: Readonly<Record<string, { status?: number; output: string }>> = {}) {
  const calls: string[][] = [];
  const run: RunProgram = (program, args, { cwd, signal }) => {
    signal.throwIfAborted();
    calls.push([program, ...args]);
    const name = nameOf(program, args);
    if (args.at(-1) === '--version') {
      const lacking = fails[`${name} --version`];
      return Promise.resolve({ output: '', status: lacking ? undefined : 0 });
    }
    const failing = fails[name];
    if (failing) return Promise.resolve({ status: 1, ...failing });
    if (name === 'npm') put(cwd, { 'node_modules/@tensorflow/tfjs/package.json': '{}' });
    if (name === 'pip') {
      const target = args[args.indexOf('--target') + 1]!;
      const cuda = args.at(-1) !== 'tensorflow-cpu==2.20.0';
      put(target, args.at(-1)!.startsWith('nvidia') ? CUDA : tensorflow('2.20.0', cuda));
    }
    if (name === 'compiler') put(cwd, { [args.at(-1)!]: 'binding' });
    return Promise.resolve({ status: 0, output: '' });
  };
  return { run, calls };
}

const signal = new AbortController().signal;
const left = () => (existsSync(join(root, 'backends')) ? readdirSync(join(root, 'backends')) : []);
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile())
    .map((it) => join(it.parentPath, it.name).slice(folder.length + 1))
    .sort();
const code = (of: Promise<unknown>) =>
  of.then(
    () => 'none',
    (error: { code: string }) => error.code,
  );

describe('winnow backend install', () => {
  it('leaves the packages, the two libraries and the binding, and says what they weigh', async () => {
    const { run, calls } = machine();
    const made = await installBackend('tensorflow', { signal, run, platform: LINUX });
    const folder = join(root, 'backends/tensorflow');
    expect(made).toEqual({
      name: 'tensorflow',
      folder,
      alreadyThere: false,
      versions: {
        '@tensorflow/tfjs-node': '4.22.0',
        'node-api-headers': '1.9.0',
        tensorflow: '2.20.0',
      },
      parts: [
        // "{}", "binding", and the link "tfjs".
        { what: 'packages of npm', bytes: 2 + 7 + 4 },
        { what: 'TensorFlow', bytes: 2 + 9 },
      ],
    });
    expect(filesIn(folder)).toEqual([
      'installed.json',
      'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node',
      'node_modules/@tensorflow/tfjs/package.json',
      'package.json',
      'site-packages/tensorflow/libtensorflow_cc.so.2',
      'site-packages/tensorflow/libtensorflow_framework.so.2',
    ]);
    expect(left()).toEqual(['tensorflow']);
    expect(calls.filter(([, verb]) => verb === 'install')).toEqual([
      ['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    ]);
    // From lib/napi-v8 of the package to the folder that keeps the libraries.
    expect(calls.flat()).toContain('-Wl,-rpath,$ORIGIN/../../../../../site-packages/tensorflow');
  });

  it('does nothing where it is there, and can be undone', async () => {
    const { run } = machine();
    const options = { signal, run, platform: LINUX };
    await installBackend('tensorflow', options);
    const again = machine();
    const second = await installBackend('tensorflow', { ...options, run: again.run });
    expect([second.alreadyThere, again.calls]).toEqual([true, []]);
    // What a killed one has left goes too; what is another's stays.
    mkdirSync(join(root, 'backends/.tensorflow-aB3dE6'));
    mkdirSync(join(root, 'backends/.tensorflow-gpu-aB3dE6'));
    const { what, bytes } = (await removeBackend('tensorflow'))!;
    expect(what).toBe(join(root, 'backends/tensorflow'));
    expect(bytes).toBeGreaterThan(24);
    expect(left()).toEqual(['.tensorflow-gpu-aB3dE6']);
    expect(await removeBackend('tensorflow')).toBeUndefined();
    expect(await installation('tensorflow')).toBeUndefined();
    // The last one takes the folder of all with it.
    await removeBackend('tensorflow-gpu');
    expect(readdirSync(root)).toEqual([]);
  });

  it('is done by one at a time, and not undone meanwhile', async () => {
    const { run } = machine();
    const options = { signal, run, platform: LINUX };
    const refused: string[] = [];
    const meanwhile: RunProgram = async (program, args, settings) => {
      if (args[0] === 'install') {
        refused.push(await code(installBackend('tensorflow', options)));
        refused.push(await code(removeBackend('tensorflow')));
        // Another one is not concerned.
        await installBackend('tensorflow-gpu', options);
      }
      return run(program, args, settings);
    };
    await installBackend('tensorflow', { ...options, run: meanwhile });
    expect(refused).toEqual(['INSTALL_RUNNING', 'INSTALL_RUNNING']);
    expect(left()).toEqual(['tensorflow', 'tensorflow-gpu']);
  });

  it("fetches the CUDA that TensorFlow's wheel names, and keeps what TensorFlow opens of it", async () => {
    const { run, calls } = machine();
    await installBackend('tensorflow-gpu', { signal, run, platform: LINUX });
    const fetched = calls.filter((call) => call.includes('pip') && call.includes('install'));
    expect(fetched.map((call) => call.slice(call.indexOf('--target') + 2))).toEqual([
      ['tensorflow==2.20.0'],
      ['nvidia-cublas-cu12<13.0,>=12.5.3.2', 'nvidia-cudnn-cu12<10.0,>=9.3'],
    ]);
    const kept = filesIn(join(root, 'backends/tensorflow-gpu/site-packages/nvidia'));
    expect(kept).toEqual(['cublas/lib/libcublas.so.12', 'cuda_nvcc/bin/ptxas']);
  });

  it('takes a TensorFlow that is there, and outlives it', async () => {
    const { run, calls } = machine({ pip: { output: 'must not be asked' } });
    const environment = join(root, 'venv');
    put(join(environment, 'lib/python3.12/site-packages'), tensorflow('2.15.1'));
    const options = { signal, run, platform: LINUX, from: environment };
    const { versions } = await installBackend('tensorflow', options);
    expect(versions['tensorflow']).toBe('2.15.1');
    expect(calls.flat()).not.toContain('pip');
    rmSync(environment, { recursive: true });
    const library = 'backends/tensorflow/site-packages/tensorflow/libtensorflow_cc.so.2';
    expect(readFileSync(join(root, library), 'utf8')).toBe('cc');
  });

  it.each([
    ['npm', 'npm error code ENOTFOUND', 'FETCH_FAILED'],
    ['npm', 'npm error code ENOSPC', 'FILE_NOT_WRITABLE'],
    ['pip', 'ERROR: No matching distribution found for tensorflow-cpu', 'INSTALL_FAILED'],
    ['pip', 'Failed to establish: Temporary failure in name resolution', 'FETCH_FAILED'],
    ['pip', "OSError: [Errno 28] No space left on device: '/x'", 'FILE_NOT_WRITABLE'],
    ['compiler', 'tfjs_backend.cc:1:10: fatal error: x.h: No such file', 'INSTALL_FAILED'],
    ['node', 'Error: libfoo.so.1: cannot open shared object file', 'INSTALL_FAILED'],
    ['npm --version', '', 'PROGRAM_MISSING'],
    ['pip --version', '', 'PROGRAM_MISSING'],
  ])('leaves nothing where %s ends with "%s"', async (program, output, expected) => {
    const { run } = machine({ [program]: { output } });
    const made = installBackend('tensorflow', { signal, run, platform: LINUX });
    expect(await code(made)).toBe(expected);
    expect(left()).toEqual([]);
  });

  it('names the compiler that is not there', async () => {
    const none = { output: '' };
    const compilers = ['c++', 'g++', 'clang++', process.env['CXX'] ?? 'c++'];
    const { run } = machine(Object.fromEntries(compilers.map((it) => [`${it} --version`, none])));
    await expect(installBackend('tensorflow', { signal, run, platform: LINUX })).rejects.toThrow(
      /There is no C\+\+ compiler.*apt install g\+\+/,
    );
  });

  it('leaves nothing where it is interrupted', async () => {
    const { run } = machine();
    const controller = new AbortController();
    const interrupted: RunProgram = async (program, args, settings) => {
      if (args.includes('--target')) controller.abort();
      return run(program, args, settings);
    };
    const options = { signal: controller.signal, run: interrupted, platform: LINUX };
    expect(await code(installBackend('tensorflow', options))).toBe('INTERRUPTED');
    expect(left()).toEqual([]);
  });

  it('leaves alone a folder that it did not make', async () => {
    put(join(root, 'backends/tensorflow'), { 'own.txt': 'mine' });
    const { run, calls } = machine();
    const made = installBackend('tensorflow', { signal, run, platform: LINUX });
    expect([await code(made), calls]).toEqual(['FOLDER_NOT_EMPTY', []]);
    expect(await code(removeBackend('tensorflow'))).toBe('FOLDER_NOT_EMPTY');
    expect(left()).toEqual(['tensorflow']);
    expect(filesIn(join(root, 'backends'))).toEqual(['tensorflow/own.txt']);
  });

  it('says where it may not write', async () => {
    writeFileSync(join(root, 'backends'), 'a file');
    await expect(removeBackend('tensorflow')).rejects.toThrow(/^Cannot write .*tensorflow/);
    const { run } = machine();
    const made = installBackend('tensorflow', { signal, run, platform: LINUX });
    await expect(made).rejects.toThrow(/^Cannot write .*tensorflow.*WINNOW_BACKENDS\.$/);
  });

  it.each([
    ['native', LINUX, 'NOT_INSTALLABLE'],
    ['tensorflw', LINUX, 'NOT_INSTALLABLE'],
    ['tensorflow', { platform: 'darwin', arch: 'arm64' }, 'NOT_INSTALLABLE'],
    ['tensorflow', { platform: 'linux', arch: 'x64' }, 'NOT_INSTALLABLE'],
    ['tensorflow-gpu', { ...LINUX, arch: 'arm64' }, 'NOT_INSTALLABLE'],
    ['webgpu', { ...LINUX, arch: 'riscv64' }, 'NOT_INSTALLABLE'],
  ])('refuses %s on %o before anything is fetched', async (name, platform, expected) => {
    const { run, calls } = machine();
    expect(await code(installBackend(name, { signal, run, platform }))).toBe(expected);
    expect([calls, left()]).toEqual([[], []]);
  });

  it('refuses --from for a backend without TensorFlow', async () => {
    const { run } = machine();
    const options = { signal, run, platform: LINUX, from: root };
    expect(await code(installBackend('webgpu', options))).toBe('INVALID_OPTION');
  });
});
