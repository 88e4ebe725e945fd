import * as tf from '@tensorflow/tfjs-core';
import { objectiveOn } from '@winnow/objectives';

/**
 * Value and terms of an objective, as numbers.
 *
 * @param {import('@winnow/plugin-api').Objective} objective
 * @param {() => import('@winnow/objectives').EvaluationSetting} setting
 * @param {Readonly<Record<string, readonly number[]>>} [mask] by name; none stands for the dense network
 */
export const numbersOf = (objective, setting, mask) =>
  tf.tidy(() => {
    const tensors =
      mask &&
      Object.fromEntries(Object.entries(mask).map(([name, m]) => [name, tf.tensor([...m])]));
    const { value, terms } = objectiveOn(setting())(objective, tensors);
    const all = Object.entries({ value, ...terms });
    return Object.fromEntries(all.map(([name, number]) => [name, number.dataSync()[0]]));
  });
