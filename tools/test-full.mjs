// What `npm test` leaves out, because it takes long, or other programs, or other machines:
//   npm run test:full [-- --only TEXT] [--python python3] [--chromium PATH]
// Each check that this machine cannot do is skipped, with the reason; --only takes those with TEXT in their names. The last
// line counts checks, except that the engine's own tests are counted each.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkWebgpu, noWebgpu } from './check-backends/webgpu.mjs';
import { noSlurm } from './check-runs/local-slurm.mjs';
import { ended, engineTests } from './checks.mjs';
import { Seconds } from './seconds.mjs';
import { build, install, root } from './set-up.mjs';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    python: { type: 'string', default: 'python3' },
    chromium: { type: 'string' },
  },
});
install();
await build();
const folder = mkdtempSync(join(tmpdir(), 'winnow-full-'));
const runs = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

const compiler = [process.env.CXX, 'c++', 'g++', 'clang++'].find(
  (it) => it && runs(it, '--version'),
);

/** Why a program for a sanitizer cannot be made or does not run here, if so. */
function noSanitizer(name) {
  const source = join(folder, 'empty.cc');
  const program = join(folder, `empty-${name.replace(',', '-')}`);
  writeFileSync(source, 'int main() { return 0; }');
  if (!compiler) return 'there is no C++ compiler';
  return runs(compiler, `-fsanitize=${name}`, source, '-o', program) && runs(program)
    ? undefined
    : `${compiler} makes no program with -fsanitize=${name} that runs here`;
}

/** The engine's own tests, built another way. */
async function engine(name, ...how) {
  const output = join(root, 'libs/tensor-backend/build', name, 'engine-test');
  const script = ['tools/build-engine.mjs', '--test', '--all', '--output', output, ...how];
  return engineTests(await ended(script, { shown: true }));
}

const drawnNetworks = [
  ...['--import', '@swc-node/register/esm-register'],
  'libs/models/fuzz/fuzz-programs.mjs',
];

const MEMORY = '--flags=-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined';

/** The library of a sanitizer, which Node must load before an engine that was built with it. */
function addressLibrary() {
  const { stdout } = spawnSync(compiler, ['-print-file-name=libasan.so'], { encoding: 'utf8' });
  return stdout.includes('/') ? stdout.trim() : undefined;
}

/** Calls at random of an engine that a sanitizer watches, on two threads of JavaScript. */
async function watchedCalls() {
  const output = join(root, 'libs/tensor-backend/build/asan/winnow_engine.node');
  const built = await one('tools/build-engine.mjs', MEMORY, '--output', output);
  if (built.failed) return built;
  const env = {
    WINNOW_ENGINE: output,
    LD_PRELOAD: addressLibrary(),
    ASAN_OPTIONS: 'detect_leaks=0,allocator_may_return_null=1',
  };
  const fuzz = ['libs/tensor-backend/fuzz/fuzz-calls.mjs', '--seconds', '120', '--workers', '1'];
  const { status } = await ended([...fuzz, '--seed', `${Date.now() % 1e6}`], { env, shown: true });
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function one(...script) {
  const { status } = await ended(script, { shown: true });
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function jest(env, ...words) {
  const program = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const { status } = await ended([...program, ...words], { env, shown: true });
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Steps of CTS, values of objectives and logits, which `npm test` leaves to quicker backends. */
function goldenNumbersOnCpu() {
  const specs = ['golden-steps', 'objectives.spec', 'sgd.spec', '/zoo.spec', 'frozen.spec'];
  const rooms = ['pruners', 'objectives', 'training', 'models'].map((name) => `libs/${name}`);
  return jest({ WINNOW_TEST_BACKENDS: 'cpu' }, ...specs, '--projects', ...rooms);
}

/** Exports of a run of seconds, in another program. */
async function exportsIn(...where) {
  const run = join(folder, 'run');
  const how = '--dataset digits --model resnet8 --density 0.05 --start init --epochs 2';
  const made = await one('apps/cli/bin/winnow.js', 'run', ...how.split(' '), '--out', run);
  return made.failed ? made : one('tools/check-exports/check-exports.mjs', run, ...where);
}

const CROSS = 'aarch64-linux-gnu-g++';
const QEMU = 'qemu-aarch64';
const { python } = options;
const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome'];
const chromium = options.chromium ?? CHROMIUM.find((it) => runs(it, '--version')) ?? CHROMIUM[0];
const observers = (name) =>
  one('tools/check-observers/check-observers.mjs', '--python', python, '--only', name);
const FIREFOX = ['firefox', 'firefox-esr'].find((it) => runs(it, '--version')) ?? 'firefox';
const noChromium = () => !runs(chromium, '--version') && `there is no ${chromium}`;
/** A minute of damaged files for each parser; the last line of each says what came of them. */
const fuzzers = Object.fromEntries(
  readdirSync(join(root, 'tools/fuzz/corpus')).map((parser) => [
    `fuzz, ${parser}`,
    { check: () => one('tools/fuzz/fuzz.mjs', '--only', parser) },
  ]),
);
/** What each check needs, told by why it cannot be done, and the check. */
const checks = {
  'engine, addresses and undefined behaviour': {
    lacks: () => noSanitizer('address,undefined'),
    check: () => engine('asan', MEMORY),
  },
  'engine, calls at random': {
    lacks: () =>
      noSanitizer('address,undefined') ||
      (!addressLibrary() && `${compiler} has no libasan.so for Node to load`),
    check: watchedCalls,
  },
  'engine, data races': {
    lacks: () => noSanitizer('thread'),
    check: () => engine('tsan', '--flags=-O1 -g -fsanitize=thread'),
  },
  'engine, 64-bit ARM': {
    lacks: () =>
      [CROSS, QEMU].filter((it) => !runs(it, '--version')).length > 0 &&
      `it takes ${CROSS} and ${QEMU}`,
    check: () =>
      engine('arm64', '--cxx', CROSS, '--arch', 'arm64', '--flags=-O2 -static', '--run', QEMU),
  },
  'programs, networks at random': {
    lacks: () => !compiler && 'there is no C++ compiler',
    check: () => one(...drawnNetworks, '--seconds', '60', '--seed', `${Date.now() % 1e6}`),
  },
  'programs, large networks': {
    lacks: () => !compiler && 'there is no C++ compiler',
    check: () =>
      jest({ WINNOW_TEST_NETWORKS: 'large' }, 'lib/programs.spec', '--projects', 'libs/models'),
  },
  'programs, 20 steps beside ops': {
    lacks: () => !compiler && 'there is no C++ compiler',
    check: () => one('tools/check-runs/roads.mjs'),
  },
  'backends, cpu in golden numbers': { check: goldenNumbersOnCpu },
  'backends, wasm in ResNet-50': {
    check: () =>
      jest({ WINNOW_TEST_BACKENDS: 'wasm' }, 'imagenet-resnet', '--projects', 'libs/models'),
  },
  'pages, the long ones': {
    check: () =>
      jest({ WINNOW_PAGES: 'long' }, 'documentation.spec', '-t', 'blocks', '--projects', 'tools'),
  },
  'backends, webgpu': {
    lacks: () => noWebgpu({ mayInstall: true }),
    check: () => checkWebgpu({ short: false }),
  },
  'exports, onnxruntime': { check: () => exportsIn() },
  'exports, PyTorch': {
    lacks: () => !runs(python, '-c', 'import torch, numpy') && `${python} has no PyTorch and NumPy`,
    check: () => exportsIn('--python', python),
  },
  'torch.save, golden weights': {
    lacks: () => !runs(python, '-c', 'import torch, numpy') && `${python} has no PyTorch and NumPy`,
    check: () => one('tools/check-torch-save.mjs', '--python', python),
  },
  'PyTorch, page': {
    lacks: () =>
      !runs(python, '-c', 'import torch, numpy, safetensors') &&
      `${python} has no PyTorch, NumPy and safetensors`,
    check: () => one('tools/check-pytorch.mjs', '--python', python),
  },
  'exports, Chromium': {
    lacks: noChromium,
    check: () => exportsIn('--chromium', chromium),
  },
  'search, Chromium': {
    lacks: noChromium,
    check: () => one('tools/check-browser/check-browser.mjs', '--chromium', chromium),
  },
  'playground, Chromium': {
    lacks: noChromium,
    check: () => one('tools/check-browser/check-playground.mjs', '--chromium', chromium),
  },
  'playground, Firefox': {
    lacks: () => !runs(FIREFOX, '--version') && `there is no ${FIREFOX}`,
    check: () => one('tools/check-browser/check-playground-firefox.mjs', '--firefox', FIREFOX),
  },
  'pages, Chromium': {
    lacks: noChromium,
    check: () => one('tools/check-browser/check-pages.mjs', '--chromium', chromium),
  },
  'a study watched live, Chromium': {
    lacks: noChromium,
    check: () => one('tools/check-browser/check-watch.mjs', '--chromium', chromium),
  },
  'runs, killed at random moments': { check: () => one('tools/check-runs/kill-runs.mjs') },
  'runs, two processes a folder': { check: () => one('tools/check-runs/two-processes.mjs') },
  'studies, killed at random moments': {
    check: () => one('tools/check-runs/kill-studies.mjs'),
  },
  'studies, runs that fail': { check: () => one('tools/check-runs/failing-study.mjs') },
  'studies, two at once': { check: () => one('tools/check-runs/two-studies.mjs') },
  'studies, Slurm': { lacks: noSlurm, check: () => one('tools/check-runs/slurm.mjs') },
  'memory, 20,000 steps': { check: () => one('tools/check-runs/memory.mjs') },
  'observers, TensorBoard': {
    lacks: () => !runs(python, '-c', 'import tensorboard') && `${python} has no TensorBoard`,
    check: () => observers('tensorboard'),
  },
  'observers, MLflow': {
    lacks: () => !runs(python, '-c', 'import mlflow.server') && `${python} has no MLflow server`,
    check: () => observers('mlflow'),
  },
  'figures, in a page of LaTeX': {
    lacks: () =>
      ['pdfinfo', 'pdflatex'].map((it) => !runs(it, '-v') && `there is no ${it}`).find(Boolean),
    check: () => one('tools/check-figures/check-figures.mjs'),
  },
  'packages, installed elsewhere': {
    lacks: () => !runs('npm', 'ping') && 'the registry of packages does not answer',
    check: () => one('tools/try-packages.mjs'),
  },
  'backends, TensorFlow installed': {
    lacks: () =>
      (process.platform !== 'linux' && 'it is for Linux') ||
      (!compiler && 'there is no C++ compiler') ||
      (!runs(python, '-m', 'pip', '--version') && `${python} has no pip`) ||
      (!runs('npm', 'ping') && 'the registry of packages does not answer'),
    check: () => one('tools/check-backends/installed-tensorflow.mjs', '--python', python),
  },
  ...fuzzers,
};

const seconds = new Seconds();
const sum = { passed: 0, failed: 0 };
const skipped = [];
for (const [name, { lacks, check }] of Object.entries(checks)) {
  if (!name.includes(options.only)) continue;
  const reason = lacks?.();
  if (reason) {
    skipped.push(`${name}: ${reason}`);
    continue;
  }
  console.log(`\n> ${name}`);
  const { passed, failed } = await seconds.of(name, check);
  sum.passed += passed;
  sum.failed += failed;
}
rmSync(folder, { recursive: true });
console.log(`\nWhere the time went:\n${seconds}\n`);
if (skipped.length > 0) console.log(`Skipped:\n${skipped.map((it) => `  ${it}`).join('\n')}\n`);
console.log(`${sum.passed} passed, ${sum.failed} failed, ${skipped.length} skipped`);
process.exit(sum.failed === 0 ? 0 : 1);
