// Builds the native engine of libs/tensor-backend with whatever C++ compiler there is, or says what serves without it.
//   node tools/build-engine.mjs [--cxx COMPILER] [--arch x64|arm64] [--flags "…"] [--output FILE] [--test] [--all]
// It leaves out AVX-512, a third of the time, where the processor has none; not with --all, for a disk that machines share.
// With --test: the program of native/tests in place of the addon, and runs it (--run "qemu-aarch64" before it, if given).
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const native = join(root, 'libs/tensor-backend/native');
const ADDON = join(root, 'libs/tensor-backend/build/Release/winnow_engine.node');

const COMMON = [
  '-std=c++2a', // C++20, by the name that older compilers know it by
  '-fPIC',
  '-fvisibility=hidden',
  '-fno-math-errno',
  '-pthread',
  '-Wall',
  '-Wextra',
  '-Wno-psabi',
];
/** Contraction to fused multiply-adds only in the kernels: the optimisers shall round as JavaScript does. */
const PLAIN = ['-ffp-contract=off'];
const KERNELS = ['-ffp-contract=fast'];
/** Instruction sets: floats in a vector and the compiler's flags. */
const ISAS = {
  x64: {
    scalar: [1, '-fno-tree-vectorize'],
    sse2: [4],
    avx2: [8, '-mavx2', '-mfma'],
    avx512: [
      16,
      '-mavx512f',
      '-mavx512dq',
      '-mavx512bw',
      '-mavx512vl',
      '-mfma',
      '-mprefer-vector-width=512',
    ],
  },
  arm64: { scalar: [1, '-fno-tree-vectorize'], neon: [4] },
};

/** Instruction sets for this architecture; without AVX-512 where Linux says that the processor lacks it. */
function instructionSets(arch, all) {
  const { avx512, ...others } = ISAS[arch] ?? { scalar: ISAS.x64.scalar };
  const facts = '/proc/cpuinfo';
  const lacks =
    arch === process.arch && existsSync(facts) && !/\bavx512f\b/.test(readFileSync(facts, 'utf8'));
  return avx512 && (all || !lacks) ? { ...others, avx512 } : others;
}

const NO_COMPILER =
  'No C++ compiler: the `wasm` backend will serve. For the fast engine, install one (apt install g++, or xcode-select --install) and run this again.';

function works(compiler) {
  const { status, stdout } = spawnSync(compiler, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0] : undefined;
}

function findCompiler() {
  const names = [process.env.CXX, 'c++', 'g++', 'clang++'].filter(Boolean);
  return names.find((name) => works(name));
}

function sourcesIn(...folders) {
  return folders.flatMap((folder) =>
    readdirSync(join(native, folder))
      .filter((name) => name.endsWith('.cc') && name !== 'table.cc')
      .map((name) => join(folder, name)),
  );
}

/** Everything that what is built depends on. */
function fingerprint(parts) {
  const hash = createHash('sha256');
  for (const folder of ['kernels', 'engine', 'operations', 'program', 'binding', 'tests']) {
    for (const name of readdirSync(join(native, folder)).sort()) {
      hash.update(name).update(readFileSync(join(native, folder, name)));
    }
  }
  return hash
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .update(JSON.stringify(parts))
    .digest('hex');
}

function compile(compiler, args) {
  return new Promise((resolve) => {
    const child = spawn(compiler, args, { cwd: native, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (text) => (errors += text));
    child.on('close', (code) => resolve(code === 0 ? '' : errors || `${compiler} failed`));
  });
}

/** Runs all jobs, as many at a time as there are cores; returns the errors. */
async function inParallel(jobs) {
  const errors = [];
  const worker = async () => {
    for (let job = jobs.shift(); job; job = jobs.shift()) errors.push(await job());
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return errors.filter(Boolean);
}

/** Builds what is stale; returns undefined, or why there is no engine. */
export async function buildEngine({
  compiler = findCompiler(),
  arch = process.arch,
  flags = [],
  output = ADDON,
  test = false,
  all = false,
} = {}) {
  if (process.platform === 'win32') {
    return 'There is no native engine for Windows yet: the `wasm` backend will serve.';
  }
  if (!compiler) return NO_COMPILER;
  const stamp = `${output}.stamp`;
  const settingOf = (isas) => [works(compiler), arch, flags, Object.keys(isas)];
  const isas = instructionSets(arch, all);
  const setting = settingOf(isas);
  const print = fingerprint([...setting, test]);
  // One with more instruction sets serves too: of machines that share a disk, another may have built it.
  const fresh = [print, fingerprint([...settingOf(instructionSets(arch, true)), test])];
  if (existsSync(output) && existsSync(stamp) && fresh.includes(readFileSync(stamp, 'utf8')))
    return;
  console.error(`Building the native engine (${works(compiler)}) …`);
  // Objects are shared by the addon and the tests, and kept until a source or a flag changes.
  const objects = join(
    root,
    'libs/tensor-backend/build/objects',
    fingerprint(setting).slice(0, 16),
  );
  mkdirSync(objects, { recursive: true });
  mkdirSync(dirname(output), { recursive: true });
  const optimise = flags.some((flag) => flag.startsWith('-O')) ? [] : ['-O3'];
  const common = [...optimise, ...COMMON, ...flags];
  const linked = [];
  const job = (source, name, args) => {
    const object = join(objects, `${name}.o`);
    linked.push(object);
    if (existsSync(object)) return () => '';
    return async () => {
      const unfinished = `${object}.${process.pid}`;
      const error = await compile(compiler, [...common, ...args, '-c', source, '-o', unfinished]);
      if (!error) renameSync(unfinished, object);
      return error;
    };
  };
  // The largest first.
  const jobs = Object.entries(isas)
    .reverse()
    .map(([name, [width, ...own]]) =>
      job('kernels/table.cc', `table-${name}`, [
        ...KERNELS,
        ...own,
        `-DWINNOW_ISA=${name}`,
        `-DWINNOW_WIDTH=${width}`,
      ]),
    );
  const defines = Object.keys(isas).map((name) => `-DWINNOW_HAS_${name.toUpperCase()}`);
  const include = createRequire(import.meta.url)('node-api-headers').include_dir;
  const folders = ['engine', 'operations', 'program', test ? 'tests' : 'binding'];
  for (const source of sourcesIn(...folders)) {
    jobs.push(job(source, source.replaceAll('/', '-'), [...PLAIN, ...defines, `-I${include}`]));
  }
  const errors = await inParallel(jobs);
  if (errors.length === 0) {
    const shared =
      process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
    // Standard libraries are linked in, so that what is built here runs elsewhere.
    const alone =
      process.platform === 'linux' && flags.length === 0
        ? ['-static-libstdc++', '-static-libgcc']
        : [];
    const partial = `${output}.partial`;
    const link = [
      ...flags,
      ...(test ? [] : shared),
      '-pthread',
      ...alone,
      ...linked,
      '-o',
      partial,
    ];
    const error = await compile(compiler, link);
    if (error) errors.push(error);
    else renameSync(partial, output);
  }
  if (errors.length > 0) {
    writeFileSync(`${output}.log`, errors.join('\n'));
    return `The native engine did not compile (${output}.log says why): the \`wasm\` backend will serve.`;
  }
  writeFileSync(stamp, print);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      cxx: { type: 'string' },
      arch: { type: 'string' },
      // Written --flags="-O1 …", since the value begins with a dash.
      flags: { type: 'string', default: '' },
      output: { type: 'string' },
      run: { type: 'string', default: '' },
      test: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
    },
  });
  const flags = values.flags.split(' ').filter(Boolean);
  const output =
    values.output ??
    (values.test ? join(root, 'libs/tensor-backend/out-tsc/engine-test') : undefined);
  const problem = await buildEngine({
    ...(values.cxx ? { compiler: values.cxx } : {}),
    ...(values.arch ? { arch: values.arch } : {}),
    ...(output ? { output } : {}),
    flags,
    test: values.test,
    all: values.all,
  });
  if (problem) {
    console.error(problem);
    process.exit(1);
  }
  if (values.test) {
    const [command, ...args] = [...values.run.split(' ').filter(Boolean), output];
    process.exit(spawnSync(command, args, { stdio: 'inherit' }).status ?? 1);
  }
}
