import * as tf from '@tensorflow/tfjs-core';
import { objectiveOn } from '@winnow/objectives';
import type { Network, Objective } from '@winnow/plugin-api';

/** What a network is taken to have said of a batch. */
export interface GivenLogits {
  /** [batch, classes], under the mask. */
  readonly sparse: readonly (readonly number[])[];
  /** [batch, classes], without it. */
  readonly dense: readonly (readonly number[])[];
  /** One a row; class 0 when left out. */
  readonly labels?: readonly number[];
}

/**
 * The value of an objective that looks at logits alone, for numbers that can be worked out by hand; on the current backend.
 * Throws BAD_OBJECTIVE.
 */
export function valueOnLogits(
  objective: Objective,
  { sparse, dense, labels = sparse.map(() => 0) }: GivenLogits,
): number {
  const network: Network = {
    name: 'given logits',
    input: { height: 1, width: 1, channels: 1 },
    classes: sparse[0]?.length ?? 0,
    parameters: [],
    forward: (_, __, { mask } = {}) => tf.tensor2d((mask ? sparse : dense) as number[][]),
  };
  return tf.tidy(() => {
    const batch = {
      images: tf.zeros<tf.Rank.R4>([sparse.length, 1, 1, 1]),
      labels: tf.tensor1d([...labels], 'int32'),
    };
    return objectiveOn({ network, parameters: {}, batch })(objective, {}).value.dataSync()[0]!;
  });
}
