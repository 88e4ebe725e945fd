import { tensor1d } from '@tensorflow/tfjs-core';
import { engineHere } from '../native/engine.ts';
import { deviceVectors } from './device-vectors.ts';
import { nativeArithmetic } from './native-arithmetic.ts';
import { plainArithmetic } from './plain-arithmetic.ts';

/**
 * Vectors on TensorFlow. Its reads wait for all that was begun, so that none leaves ahead. Noise is drawn on the host:
 * TensorFlow.js has no integers without a sign, and TensorFlow itself computes with 32 bits there, on a GPU too.
 */
export function tensorflowVectors() {
  const engine = engineHere();
  const arithmetic = engine ? nativeArithmetic(engine) : plainArithmetic;
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
