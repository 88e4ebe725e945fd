// The backend `webgpu`, on a GPU or a driver in software:
//   node tools/check-backends/webgpu.mjs [--short]
// --short is what `npm test` has, in seconds: how it starts, reads and fails, and two steps beside `wasm`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ended } from '../checks.mjs';
import { root } from '../set-up.mjs';
import { installed } from './installed.mjs';
import { vulkan } from './webgpu-here.mjs';

const here = (name) => fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
const SHORT = [[here('webgpu-behaviour')], [here('steps'), 'webgpu', '--short']];
const WHOLE = [
  [here('webgpu-behaviour')],
  [here('steps'), 'webgpu'],
  [here('golden'), 'webgpu'],
  [here('webgpu-run')],
  ['--import', '@swc-node/register/esm-register', here('webgpu-lost')],
  ['libs/tensor-backend/conformance/run-tfjs-suite.mjs', 'webgpu'],
];
const registryAnswers = () => spawnSync('npm', ['ping'], { stdio: 'ignore' }).status === 0;

/** Whether a driver that is there has a GPU; anything else that goes wrong shows in the checks. */
function hasGpu(env) {
  const words = ['apps/cli/bin/winnow.js', 'backend', 'check', 'webgpu'];
  const settings = {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 60_000,
  };
  const { stdout, stderr } = spawnSync(process.execPath, words, settings);
  return !`${stdout}${stderr}`.includes('finds no GPU');
}

/** Why the backend cannot be tried here, if so; it may be installed for that, or has to be there already. */
export function noWebgpu({ mayInstall }) {
  const { reason, env } = vulkan();
  if (reason) return reason;
  if (installed('webgpu')) return hasGpu(env) ? undefined : 'no driver of Vulkan has a GPU for it';
  if (!mayInstall) return 'its packages are not installed';
  return registryAnswers()
    ? undefined
    : 'its packages are not installed, and the registry of packages does not answer';
}

/** Puts the packages into a folder, as `WINNOW_BACKENDS` names one. */
async function install(folder) {
  const { WEBGPU_PACKAGES } = await import('@winnow/tensor-backend/node');
  const packages = Object.values(WEBGPU_PACKAGES).map(({ name, version }) => `${name}@${version}`);
  const how = ['--no-audit', '--no-fund', '--loglevel=error', '--prefix', join(folder, 'webgpu')];
  spawnSync('npm', ['install', ...how, ...packages], { stdio: 'inherit' });
}

/** Carries the checks out, each in a process that must come to its end; returns how many passed and failed. */
export async function checkWebgpu({ short }) {
  const { env } = vulkan();
  const folder = installed('webgpu') ? undefined : mkdtempSync(join(tmpdir(), 'winnow-webgpu-'));
  if (folder) await install(folder);
  const counts = { passed: 0, failed: 0 };
  for (const script of short ? SHORT : WHOLE) {
    const all = { ...env, ...(folder && { WINNOW_BACKENDS: folder }) };
    const { status } = await ended(script, { env: all, shown: true });
    counts[status === 0 ? 'passed' : 'failed']++;
  }
  if (folder) rmSync(folder, { recursive: true });
  return counts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { short: { type: 'boolean', default: false } } });
  const reason = noWebgpu({ mayInstall: !values.short });
  if (reason) console.log(`webgpu is not tried: ${reason}`);
  else process.exitCode = (await checkWebgpu(values)).failed === 0 ? 0 : 1;
}
