// What calls write, and what that shall be after plain loops in float64, where those are short.
import { elementwise } from './elementwise-outcomes.mjs';
import { linearMaps } from './linear-map-outcomes.mjs';
import { reductions } from './reduction-outcomes.mjs';

const alone = (...written) => ({ written });

/** By call: the names of what it `written`s, and `expected(values, before)`, which gives their numbers. */
export const OUTCOMES = {
  ...elementwise,
  ...reductions,
  ...linearMaps,
  maxPoolGradient: alone('dx'),
  maxPoolGather: alone('y'),
  averagePoolGradient: alone('dx'),
  normalize: alone('y', 'mean', 'inverse'),
  normalizeGradient: alone('dx', 'dscale', 'dshift', 'dresidual'),
  normalizeGradientGradient: alone('towardsDy', 'towardsX', 'towardsScale'),
  beginProgram: alone(),
  addConvolution: alone(),
  addGather: alone(),
  addActivation: alone(),
  captureActivation: alone(),
  finishProgram: alone(),
  programMultiplyAdds: alone(),
  programIsDense: alone(),
  runProgram: alone('tape', 'outputs'),
  programGradient: alone('dparameters'),
  releaseProgram: alone(),
  threefry: alone('words'),
  uniforms: alone('draws'),
  sgd: alone('parameters', 'velocity'),
  adam: alone('values', 'mean', 'variance'),
  expectedCount: alone('gradient'),
  maskedSquares: alone(),
  squares: alone(),
};

/** Whether a number is as near as float32 and a fast algorithm come to it. */
function near(actual, wanted, scale) {
  if (Object.is(actual, wanted) || actual === wanted) return true;
  if (!Number.isFinite(wanted) || !Number.isFinite(actual)) return false;
  return Math.abs(actual - wanted) <= 1e-5 * Math.max(Math.abs(wanted), scale);
}

/** Tells the first number that is not as expected, if any. */
export function difference(actual, wanted, together) {
  const sizes = together ? wanted.filter(Number.isFinite).map(Math.abs) : [];
  const scale = sizes.reduce((most, x) => Math.max(most, x), 1e-30);
  for (let i = 0; i < wanted.length; i++) {
    if (!near(actual[i], wanted[i], scale)) return `[${i}] is ${actual[i]}, not ${wanted[i]}`;
  }
  return undefined;
}
