// The backend `tensorflow`, where it is installed, in seconds: golden numbers and two steps beside `wasm`, with the
// native engine and without, and TensorFlow.js's suite; a part of what installed-tensorflow.mjs does:
//   node tools/check-backends/tensorflow.mjs
import { fileURLToPath } from 'node:url';
import { ended } from '../checks.mjs';
import { installed } from './installed.mjs';

const GOLDEN = ['tools/check-backends/golden.mjs', 'tensorflow'];
const STEPS = ['tools/check-backends/steps.mjs', 'tensorflow', '--short'];
const SUITE = ['libs/tensor-backend/conformance/run-tfjs-suite.mjs', 'tensorflow'];
/** What TensorFlow computes where there is no engine to help it. */
const ALONE = { WINNOW_ENGINE: 'none' };

/** Why the backend cannot be tried here, if so. */
export const noTensorflow = () => (installed('tensorflow') ? undefined : 'it is not installed');

/** Carries the checks out; returns how many passed and failed. */
export async function checkTensorflow() {
  const counts = { passed: 0, failed: 0 };
  for (const [script, env] of [[GOLDEN], [STEPS], [SUITE], [GOLDEN, ALONE], [STEPS, ALONE]]) {
    const { status } = await ended(script, { env, shown: true });
    counts[status === 0 ? 'passed' : 'failed']++;
  }
  return counts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const reason = noTensorflow();
  if (reason) console.log(`tensorflow is not tried: ${reason}.`);
  else process.exitCode = (await checkTensorflow()).failed === 0 ? 0 : 1;
}
