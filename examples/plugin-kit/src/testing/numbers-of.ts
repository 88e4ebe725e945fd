import * as tf from '@tensorflow/tfjs-core';
import { type EvaluationSetting, objectiveOn } from '@winnow/objectives';
import type { Objective } from '@winnow/plugin-api';

/** Value and terms of an objective, as numbers, under a mask by name; none stands for the dense network. */
export const numbersOf = (
  objective: Objective,
  setting: () => EvaluationSetting,
  mask?: Readonly<Record<string, readonly number[]>>,
): Record<string, number> =>
  tf.tidy(() => {
    const tensors =
      mask &&
      Object.fromEntries(Object.entries(mask).map(([name, m]) => [name, tf.tensor([...m])]));
    const { value, terms } = objectiveOn(setting())(objective, tensors);
    const all = Object.entries({ value, ...terms });
    return Object.fromEntries(all.map(([name, number]) => [name, number.dataSync()[0]!]));
  });
