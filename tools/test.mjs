import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { checkWebgpu, noWebgpu } from './check-backends/webgpu.mjs';
import { engineTests, ended } from './checks.mjs';
import { Seconds } from './seconds.mjs';
import { build, install, root, run, tsc } from './set-up.mjs';

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

rmSync(SUITE_REPORT, { force: true });
const suite = await seconds.of(
  "TensorFlow.js's suite",
  () => run(process.execPath, [...nx, 'tfjs-suite'], env) === 0,
);
if (existsSync(SUITE_REPORT)) count(JSON.parse(readFileSync(SUITE_REPORT, 'utf8')));
else failed++;

if (existsSync(`${root}libs/tensor-backend/build/Release/winnow_engine.node`)) {
  const script = ['tools/build-engine.mjs', '--test'];
  count(
    engineTests(await seconds.of("the engine's own tests", () => ended(script, { shown: true }))),
  );
}

const noGpu = noWebgpu({ mayInstall: false });
if (noGpu) console.log(`webgpu is not tried: ${noGpu}.`);
else count(await seconds.of('webgpu, the short part', () => checkWebgpu({ short: true })));

if (!(tests && suite) && failed === 0) failed = 1;
console.log(`\nWhere the time went (some ran side by side):\n${seconds}\n`);
if (failures.length > 0) console.log(`Failed:\n${failures.map((it) => `  ${it}`).join('\n')}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
