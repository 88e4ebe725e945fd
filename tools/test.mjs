import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { build, install, root, run } from './set-up.mjs';

const ROOMS = [
  ...['libs', 'apps', 'examples']
    .filter((folder) => existsSync(`${root}${folder}`))
    .flatMap((folder) => readdirSync(`${root}${folder}`).map((name) => `${root}${folder}/${name}`)),
  `${root}tools`,
];
const REPORT = 'out-tsc/jest.json';
const SUITE_REPORT = `${root}libs/tensor-backend/out-tsc/tfjs-suite.json`;

install();
await build();
const bin = (path) => `node_modules/${path}`;
const nx = [bin('nx/dist/bin/nx.js'), 'run-many', '--output-style=static', '-t'];
const env = { NX_DAEMON: 'false', NX_TUI: 'false' };

/** Runs scripts one after another, with their output shown when each has ended; returns how many failed. */
async function failing(...commands) {
  let failures = 0;
  for (const command of commands) {
    const { status, output } = await ended(command);
    process.stdout.write(`\n> ${command.join(' ')}\n${output}`);
    if (status !== 0) failures++;
  }
  return failures;
}

function ended(command) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, { cwd: root, env: { ...process.env, ...env } });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('close', (status) => resolve({ status, output }));
  });
}

const unready = await failing(
  [bin('typescript/bin/tsc'), '--build'],
  // It also leaves behind the graph of projects, without which the linter skips what it says of dependencies.
  [bin('nx/dist/bin/nx.js'), 'sync:check'],
);
// One process for all rooms, as most of a room's own is spent on reading the workspace and the types.
const quality = await Promise.all([
  failing([bin('eslint/bin/eslint.js'), '.']),
  failing(
    [bin('prettier/bin/prettier.cjs'), '--check', '.'],
    // What the pages and docstrings link to, and what they mention, must be there.
    [bin('typedoc/bin/typedoc'), '--logLevel', 'Warn'],
  ),
]);
for (const room of ROOMS) rmSync(`${room}/${REPORT}`, { force: true });
const tests = run(process.execPath, [...nx, 'test', '--exclude-task-dependencies'], env) === 0;
rmSync(SUITE_REPORT, { force: true });
const suite = run(process.execPath, [...nx, 'tfjs-suite'], env) === 0;

const checks = { passed: 0, failed: 0 };
if (existsSync(`${root}libs/tensor-backend/build/Release/winnow_engine.node`)) {
  const test = spawnSync(process.execPath, [`${root}tools/build-engine.mjs`, '--test'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  process.stdout.write(test.stdout);
  const [, all, wrong] = /(\d+) checks, (\d+) failed/.exec(test.stdout) ?? [0, 1, 1];
  checks.failed = Number(wrong);
  checks.passed = all - wrong;
}

let passed = checks.passed;
let failed = [unready, ...quality].reduce((a, b) => a + b, checks.failed);
for (const room of ROOMS) {
  if (!existsSync(`${room}/${REPORT}`)) continue;
  const report = JSON.parse(readFileSync(`${room}/${REPORT}`, 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests + report.numRuntimeErrorTestSuites;
}
if (existsSync(SUITE_REPORT)) {
  const report = JSON.parse(readFileSync(SUITE_REPORT, 'utf8'));
  passed += report.passed;
  failed += report.failed;
}
if (!(tests && suite) && failed === 0) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
