import * as tf from '@tensorflow/tfjs-core';
import {
  type Network,
  type Objective,
  WinnowError,
  isWinnowError,
  ofPlugin,
} from '@winnow/plugin-api';
import { valueAndGradient } from '@winnow/tensor-backend';
import type { Evaluated } from './objective-on.ts';

export interface Differentiated {
  readonly value: number;
  /** What the objective reports beside its value, as it names it. */
  readonly terms: Readonly<Record<string, number>>;
  /** Of the value; in the vector's shape. */
  readonly gradient: tf.Tensor1D;
}

/**
 * Value, terms and gradient of a function of one vector that ends in an objective of a network. Call it within one
 * `tf.tidy`. Throws NO_GRADIENT, naming both.
 */
export function differentiateObjective(
  objective: Objective,
  network: Network,
  f: (x: tf.Tensor1D) => Evaluated,
  x: tf.Tensor1D,
): Differentiated {
  let names: string[] = [];
  // Beyond the function, whose tensors go as soon as its gradient is known.
  let terms: tf.Tensor | undefined;
  try {
    const { value, gradient } = valueAndGradient((at) => {
      const evaluated = f(at);
      names = Object.keys(evaluated.terms);
      if (names.length > 0) terms = tf.keep(tf.stack(Object.values(evaluated.terms)));
      return evaluated.value;
    }, x);
    // One read for all numbers.
    const numbers = terms ? tf.concat([tf.reshape(value, [1]), terms]) : value;
    const [first, ...rest] = numbers.dataSync();
    return {
      value: first!,
      terms: Object.fromEntries(names.map((name, i) => [name, rest[i]!])),
      gradient,
    };
  } catch (cause) {
    if (!isWinnowError(cause) || cause.code !== 'NO_GRADIENT') throw cause;
    throw new WinnowError(
      cause.code,
      `Objective "${objective.name}"${ofPlugin(objective)} on ${network.name}${ofPlugin(network)} cannot be differentiated: ${cause.sentence}`,
      { hint: cause.message.slice(cause.sentence.length + 1), cause },
    );
  } finally {
    terms?.dispose();
  }
}
