import type { Engine } from '../native/engine.ts';
import type { Arithmetic } from './arithmetic.ts';

/**
 * On the engine's threads. Updates and uniforms have the bits of `plainArithmetic`; sums may differ in the last ones, and
 * `expectedCount` takes σ in float32.
 */
export function nativeArithmetic(engine: Engine): Arithmetic {
  return {
    sgd: ({ parameters, gradient, velocity }, { mask, ...rates }) =>
      engine.sgd({ parameters, gradient, velocity, mask, n: parameters.length, ...rates }),
    adam: ({ values, mean, variance, direction }, rates) =>
      engine.adam({ values, mean, variance, gradient: direction, n: values.length, ...rates }),
    squares: (x: Float32Array | Float64Array, mask?: Uint8Array) =>
      x instanceof Float32Array
        ? engine.maskedSquares({ gradient: x, mask, n: x.length })
        : engine.squares({ x, n: x.length }),
    combine: (direction, weight, gradient, gradientWeight) =>
      engine.combine({ direction, weight, gradient, gradientWeight, n: direction.length }),
    expectedCount: (logits, scale, direction) =>
      engine.expectedCount({ logits, gradient: direction, n: logits.length, scale }),
    uniforms: (draws, key0, key1, first, high) =>
      engine.uniforms({ draws, count: draws.length, key0, key1, first, high }),
  };
}
