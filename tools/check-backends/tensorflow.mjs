// The backend `tensorflow`, where it is installed, in seconds: golden numbers, two steps beside `wasm`, and TensorFlow.js's
// suite; a part of what installed-tensorflow.mjs does:
//   node tools/check-backends/tensorflow.mjs
import { fileURLToPath } from 'node:url';
import { ended } from '../checks.mjs';
import { installed } from './installed.mjs';

const SCRIPTS = [
  ['tools/check-backends/golden.mjs', 'tensorflow'],
  ['tools/check-backends/steps.mjs', 'tensorflow', '--short'],
  ['libs/tensor-backend/conformance/run-tfjs-suite.mjs', 'tensorflow'],
];

/** Why the backend cannot be tried here, if so. */
export const noTensorflow = () => (installed('tensorflow') ? undefined : 'it is not installed');

/** Carries the checks out; returns how many passed and failed. */
export async function checkTensorflow() {
  const counts = { passed: 0, failed: 0 };
  for (const script of SCRIPTS) {
    const { status } = await ended(script, { shown: true });
    counts[status === 0 ? 'passed' : 'failed']++;
  }
  return counts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const reason = noTensorflow();
  if (reason) console.log(`tensorflow is not tried: ${reason}.`);
  else process.exitCode = (await checkTensorflow()).failed === 0 ? 0 : 1;
}
