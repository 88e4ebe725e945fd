import { tensor1d } from '@tensorflow/tfjs-core';
import { isWinnowError } from '@winnow/plugin-api';
import { loadEngine } from '../native/engine.ts';
import { deviceVectors } from './device-vectors.ts';
import { nativeArithmetic } from './native-arithmetic.ts';
import { plainArithmetic } from './plain-arithmetic.ts';

/** By Winnow's engine, where it has been built. */
function drawing() {
  try {
    return nativeArithmetic(loadEngine());
  } catch (error) {
    if (isWinnowError(error) && error.code !== 'BACKEND_UNAVAILABLE') throw error;
    return plainArithmetic;
  }
}

/**
 * Vectors on TensorFlow. Its reads wait for all that was begun, so that none leaves ahead. Noise is drawn on the host:
 * TensorFlow.js has no integers without a sign, and TensorFlow itself computes with 32 bits there, on a GPU too.
 */
export function tensorflowVectors() {
  const arithmetic = drawing();
  return deviceVectors({
    ahead: false,
    uniforms: (...given) => arithmetic.uniforms(...given),
    uniformTensor: (count, ...given) => {
      const draws = new Float32Array(count);
      arithmetic.uniforms(draws, ...given);
      return tensor1d(draws);
    },
  });
}
