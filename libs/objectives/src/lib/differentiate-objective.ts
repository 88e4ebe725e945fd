import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import {
  type Network,
  type Objective,
  WinnowError,
  isWinnowError,
  ofPlugin,
} from '@winnow/plugin-api';
import { valueAndGradient } from '@winnow/tensor-backend';

/**
 * Value and gradient of a function of one vector that ends in an objective of a network. Call it within one `tf.tidy`.
 * Throws NO_GRADIENT, naming both.
 */
export function differentiateObjective(
  objective: Objective,
  network: Network,
  f: (x: Tensor1D) => Tensor,
  x: Tensor1D,
): { value: Tensor; gradient: Tensor1D } {
  try {
    return valueAndGradient(f, x);
  } catch (cause) {
    if (!isWinnowError(cause) || cause.code !== 'NO_GRADIENT') throw cause;
    throw new WinnowError(
      cause.code,
      `Objective "${objective.name}"${ofPlugin(objective)} on ${network.name}${ofPlugin(network)} cannot be differentiated: ${cause.sentence}`,
      { hint: cause.message.slice(cause.sentence.length + 1), cause },
    );
  }
}
