import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { type Objective, WinnowError, isWinnowError, ofPlugin } from '@winnow/plugin-api';
import { valueAndGradient } from '@winnow/tensor-backend';

/**
 * Value and gradient of a function of one vector that an objective is the last part of. Call it within one `tf.tidy`.
 * Throws NO_GRADIENT, naming the objective.
 */
export function differentiateObjective(
  objective: Objective,
  f: (x: Tensor1D) => Tensor,
  x: Tensor1D,
): { value: Tensor; gradient: Tensor1D } {
  try {
    return valueAndGradient(f, x);
  } catch (cause) {
    if (!isWinnowError(cause) || cause.code !== 'NO_GRADIENT') throw cause;
    const message = `Objective "${objective.name}"${ofPlugin(objective)}: ${cause.message}`;
    throw new WinnowError(cause.code, message, { cause });
  }
}
