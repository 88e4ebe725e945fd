import type { Engine } from '../native/engine.ts';
import type { Arithmetic } from './arithmetic.ts';

/** On the engine's threads. Updates and uniforms have the bits of `plainArithmetic`; sums may differ in the last ones. */
export function nativeArithmetic(engine: Engine): Arithmetic {
  return {
    sgd: ({ parameters, gradient, velocity }, { mask, ...rates }) =>
      engine.sgd(
        parameters,
        gradient,
        velocity,
        mask,
        parameters.length,
        rates.factor,
        rates.weightDecay,
        rates.momentum,
        rates.learningRate,
      ),
    adam: ({ values, mean, variance, direction }, rates) =>
      engine.adam(
        values,
        mean,
        variance,
        direction,
        values.length,
        rates.stepSize,
        rates.correction,
        rates.beta1,
        rates.beta2,
        rates.epsilon,
      ),
    squares: (x: Float32Array | Float64Array, mask?: Uint8Array) =>
      x instanceof Float32Array
        ? engine.maskedSquares(x, mask, x.length)
        : engine.squares(x, x.length),
    combine: (direction, weight, gradient, gradientWeight) =>
      engine.combine(direction, weight, gradient, gradientWeight, direction.length),
    expectedCount: (logits, scale, direction) =>
      engine.expectedCount(logits, direction, logits.length, scale),
    uniforms: (draws, key0, key1, first, high) =>
      engine.uniforms(draws, draws.length, key0, key1, first, high),
  };
}
