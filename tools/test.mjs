import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { build, install, root, run } from './set-up.mjs';

const ROOMS = [
  ...['libs', 'apps', 'examples']
    .filter((folder) => existsSync(`${root}${folder}`))
    .flatMap((folder) => readdirSync(`${root}${folder}`).map((name) => `${root}${folder}/${name}`)),
  `${root}tools`,
];
const REPORT = 'out-tsc/jest.json';
const SUITE_REPORT = `${root}libs/tensor-backend/out-tsc/tfjs-suite.json`;

install('all');
await build();
const nx = ['node_modules/nx/dist/bin/nx.js', 'run-many', '--output-style=static', '-t'];
const env = { NX_DAEMON: 'false', NX_TUI: 'false' };
const synced = run(process.execPath, ['node_modules/nx/dist/bin/nx.js', 'sync:check'], env) === 0;
const style =
  run(process.execPath, ['node_modules/prettier/bin/prettier.cjs', '--check', '.']) === 0;
// What the pages and docstrings link to, and what they mention, must be there.
const site =
  run(process.execPath, ['node_modules/typedoc/bin/typedoc', '--logLevel', 'Warn']) === 0;
const quality = run(process.execPath, [...nx, 'build', 'lint', 'typecheck'], env) === 0;
for (const room of ROOMS) rmSync(`${room}/${REPORT}`, { force: true });
const tests = run(process.execPath, [...nx, 'test'], env) === 0;
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
let failed = checks.failed + [synced, style, site, quality].filter((ok) => !ok).length;
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
