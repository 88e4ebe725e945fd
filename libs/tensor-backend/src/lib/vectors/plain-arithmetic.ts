import { exponential } from '../exponential.ts';
import { threefry } from '../random/threefry.ts';
import type { Arithmetic } from './arithmetic.ts';

/** Half a step of 2⁻²³: with 23 bits every (k + ½)/2²³ is exact in float32, while the largest (k + ½)/2²⁴ would round to 1. */
const HALF_STEP = 2 ** -24;

/** Loops in TypeScript. */
export const plainArithmetic: Arithmetic = {
  sgd({ parameters, gradient, velocity }, { mask, factor, weightDecay, momentum, learningRate }) {
    for (let i = 0; i < parameters.length; i++) {
      if (mask && !mask[i]) {
        parameters[i] = 0;
        velocity[i] = 0;
        continue;
      }
      const decayed = factor * gradient[i]! + weightDecay * parameters[i]!;
      const v = momentum * velocity[i]! + decayed;
      velocity[i] = v;
      parameters[i]! -= learningRate * v;
    }
  },
  adam({ values, mean, variance, direction }, { stepSize, correction, beta1, beta2, epsilon }) {
    for (let i = 0; i < values.length; i++) {
      const g = direction[i]!;
      const m = beta1 * mean[i]! + (1 - beta1) * g;
      const v = beta2 * variance[i]! + (1 - beta2) * g * g;
      mean[i] = m;
      variance[i] = v;
      values[i]! -= (stepSize * m) / (Math.sqrt(v) / correction + epsilon);
    }
  },
  squares(x: Float32Array | Float64Array, mask?: Uint8Array) {
    let sum = 0;
    for (let i = 0; i < x.length; i++) {
      if (!mask || mask[i]) sum += x[i]! * x[i]!;
    }
    return sum;
  },
  combine(direction, weight, gradient, gradientWeight) {
    for (let i = 0; i < direction.length; i++) {
      direction[i] = gradientWeight * gradient[i]! + weight * direction[i]!;
    }
  },
  expectedCount(logits, scale, direction) {
    let sum = 0;
    for (let i = 0; i < logits.length; i++) {
      const kept = 1 / (1 + exponential(-logits[i]!));
      sum += kept;
      direction[i] = scale * kept * (1 - kept);
    }
    return sum;
  },
  uniforms(draws, key0, key1, first, high) {
    const words = new Uint32Array(draws.length + (draws.length & 1));
    threefry(words, key0, key1, first, high);
    for (let i = 0; i < draws.length; i++)
      draws[i] = ((words[i] as number) >>> 9) * 2 * HALF_STEP + HALF_STEP;
  },
};
