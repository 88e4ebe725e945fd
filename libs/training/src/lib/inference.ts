import * as tf from '@tensorflow/tfjs-core';
import { Packing } from '@winnow/models';
import type { NamedTensors, Network } from '@winnow/plugin-api';
import { KeptPrograms } from './kept-programs.ts';
import { keptOf } from './kept-vector.ts';

/** A network with its parameters, for predictions. */
export interface Inference {
  /** Images [batch, height, width, channels] → logits [batch, classes]; `statistics` as in `ForwardOptions`. */
  logits(images: tf.Tensor4D, statistics?: NamedTensors): tf.Tensor2D;
  dispose(): void;
}

/**
 * `mask`, of parameters that are 0 but for those that it keeps, one entry a parameter, packed: these alone are computed
 * with, where the backend can (see `KeptPrograms`). The caller disposes it, and the parameters.
 */
export function inferenceOf(
  network: Network,
  parameters: NamedTensors,
  mask?: Uint8Array,
): Inference {
  const programs = mask && KeptPrograms.of(network, mask, { differentiable: false });
  if (!programs) {
    return {
      logits: (images, statistics) =>
        network.forward(parameters, images, statistics ? { statistics } : {}),
      dispose: () => {},
    };
  }
  const kept = tf.tensor1d(keptOf(new Packing(network.parameters).pack(parameters), mask));
  return {
    logits: (images, statistics) => programs.forward(kept, images, statistics),
    dispose() {
      kept.dispose();
      programs.dispose();
    },
  };
}
