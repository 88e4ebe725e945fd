// What `npm test` leaves out, because it takes long, or other programs, or other machines:
//   npm run test:full [-- --only TEXT] [--python python3] [--chromium PATH]
// Each check that this machine cannot do is skipped, with the reason; --only takes those with TEXT in their names. The last
// line counts checks, except that the engine's own tests are counted each.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
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

/** Why a program for a sanitizer cannot be made or does not run here, if so. */
function noSanitizer(name) {
  const source = join(folder, 'empty.cc');
  const program = join(folder, `empty-${name.replace(',', '-')}`);
  writeFileSync(source, 'int main() { return 0; }');
  const compiler = process.env.CXX ?? ['c++', 'g++', 'clang++'].find((it) => runs(it, '--version'));
  if (!compiler) return 'there is no C++ compiler';
  return runs(compiler, `-fsanitize=${name}`, source, '-o', program) && runs(program)
    ? undefined
    : `${compiler} makes no program with -fsanitize=${name} that runs here`;
}

/** The engine's own tests, built another way. */
async function engine(name, ...how) {
  const output = join(root, 'libs/tensor-backend/build', name, 'engine-test');
  const script = ['tools/build-engine.mjs', '--test', '--output', output, ...how];
  return engineTests(await ended(script, { shown: true }));
}

async function one(...script) {
  const { status } = await ended(script, { shown: true });
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
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
    check: () =>
      engine('asan', '--flags=-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined'),
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
  'exports, onnxruntime': { check: () => exportsIn() },
  'exports, PyTorch': {
    lacks: () => !runs(python, '-c', 'import torch, numpy') && `${python} has no PyTorch and NumPy`,
    check: () => exportsIn('--python', python),
  },
  'exports, Chromium': {
    lacks: noChromium,
    check: () => exportsIn('--chromium', chromium),
  },
  'search, Chromium': {
    lacks: noChromium,
    check: () => one('tools/check-browser/check-browser.mjs', '--chromium', chromium),
  },
  'runs, killed at random moments': { check: () => one('tools/check-runs/kill-runs.mjs') },
  'runs, two processes a folder': { check: () => one('tools/check-runs/two-processes.mjs') },
  'packages, installed elsewhere': {
    lacks: () => !runs('npm', 'ping') && 'the registry of packages does not answer',
    check: () => one('tools/try-packages.mjs'),
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
