// Everything that is tested in minutes. With --backends, first installs what WebGPU and TensorFlow need beyond npm, where that
// can be had, for their short parts; without, these are tried where they are installed.
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fetchBackends } from './check-backends/fetch-backends.mjs';
import { checkTensorflow, noTensorflow } from './check-backends/tensorflow.mjs';
import { checkWebgpu, noWebgpu } from './check-backends/webgpu.mjs';
import { engineTests, ended } from './checks.mjs';
import { Seconds } from './seconds.mjs';
import { build, install, root, tsc } from './set-up.mjs';

const ROOMS = [
  ...['libs', 'apps', 'examples'].flatMap((folder) =>
    readdirSync(`${root}${folder}`).map((name) => `${folder}/${name}`),
  ),
  'tools',
].filter((folder) => existsSync(`${root}${folder}/package.json`));
const reportOf = (room) => `${root}${room}/out-tsc/jest.json`;
const SUITE_REPORT = `${root}libs/tensor-backend/out-tsc/tfjs-suite.json`;

const seconds = new Seconds();
install();
await seconds.of('build', build);
const backends = process.argv.includes('--backends')
  ? seconds.of('backends, installed', fetchBackends)
  : undefined;
const bin = (path) => `node_modules/${path}`;
const nx = [bin('nx/dist/bin/nx.js'), 'run-many', '--output-style=static', '-t'];
// Two rooms are tested at a time: threads of one would wait for those of the other.
const env = { NX_DAEMON: 'false', NX_TUI: 'false', WINNOW_THREADS: '1' };

/** What failed, by name. */
const failures = [];
let passed = 0;
let failed = 0;
function count(one) {
  passed += one.passed;
  failed += one.failed;
}

/** Runs scripts one after another, with their output shown when each has ended, and counts those that fail. */
async function carryOut(checks) {
  for (const [name, script] of Object.entries(checks)) {
    const { status, output } = await seconds.of(name, () => ended(script, { env }));
    process.stdout.write(`\n> ${script.join(' ')}\n${output}`);
    if (status === 0) continue;
    failures.push(name);
    failed++;
  }
}

await Promise.all([
  carryOut({ types: tsc, imports: ['tools/check-imports.mjs'] }),
  // It also leaves behind the graph of projects, without which the linter skips what it says of dependencies.
  carryOut({ 'project references': [bin('nx/dist/bin/nx.js'), 'sync:check'] }),
]);
for (const room of ROOMS) rmSync(reportOf(room), { force: true });
const begun = Date.now();
const [{ status: ofTests }] = await Promise.all([
  ended([...nx, 'test', '--exclude-task-dependencies'], { env, shown: true }),
  carryOut({
    lint: [bin('oxlint/bin/oxlint')],
    'named dependencies': [bin('eslint/bin/eslint.js'), '.'],
    formatting: [bin('oxfmt/bin/oxfmt'), '--check'],
    // What the pages and docstrings link to, and what they mention, must be there.
    'API reference': [bin('typedoc/bin/typedoc'), '--logLevel', 'Warn'],
  }),
]);
const tests = ofTests === 0;

for (const room of ROOMS) {
  if (!existsSync(reportOf(room))) {
    failures.push(`${room}: it left no report of its tests`);
    failed++;
    continue;
  }
  const report = JSON.parse(readFileSync(reportOf(room), 'utf8'));
  count({
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
  });
  for (const { name, status, assertionResults } of report.testResults) {
    const titles = assertionResults
      .filter((one) => one.status === 'failed')
      .map(({ fullName }) => fullName);
    if (status === 'failed' && titles.length === 0) titles.push('it could not be run');
    failures.push(...titles.map((title) => `${relative(root, name)}: ${title}`));
  }
  const end = Math.max(report.startTime, ...report.testResults.map(({ endTime }) => endTime));
  const note = report.startTime < begun ? ', when they last ran; nothing changed since' : '';
  seconds.add(`tests of ${room}`, (end - report.startTime) / 1000, note);
}

/** A part with its output shown when it has ended, so that two may go side by side. */
async function part(name, script, counted) {
  const one = await seconds.of(name, () => ended(script, { env }));
  process.stdout.write(`\n> ${script.join(' ')}\n${one.output}`);
  count(counted(one));
}

rmSync(SUITE_REPORT, { force: true });
const engine = existsSync(`${root}libs/tensor-backend/build/Release/winnow_engine.node`);
let suite = false;
await Promise.all([
  part("TensorFlow.js's suite", [...nx, 'tfjs-suite'], ({ status }) => {
    suite = status === 0;
    return existsSync(SUITE_REPORT)
      ? JSON.parse(readFileSync(SUITE_REPORT, 'utf8'))
      : { passed: 0, failed: 1 };
  }),
  engine && part("the engine's own tests", ['tools/build-engine.mjs', '--test'], engineTests),
]);

const fetched = await backends;
if (fetched) {
  process.env.WINNOW_BACKENDS = join(fetched.folder, 'backends');
  failed += fetched.failed;
}
const optional = [
  ['webgpu', noWebgpu({ mayInstall: false }), () => checkWebgpu({ short: true })],
  ['tensorflow', noTensorflow(), checkTensorflow],
];
for (const [name, reason, check] of optional) {
  if (reason) console.log(`${name} is not tried: ${reason}.`);
  else count(await seconds.of(`${name}, the short part`, check));
}
if (fetched) rmSync(fetched.folder, { recursive: true, force: true });

if (!(tests && suite) && failed === 0) failed = 1;
console.log(`\nWhere the time went (some ran side by side):\n${seconds}\n`);
if (failures.length > 0) console.log(`Failed:\n${failures.map((it) => `  ${it}`).join('\n')}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
