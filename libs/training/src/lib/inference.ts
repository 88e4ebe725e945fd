import * as tf from '@tensorflow/tfjs-core';
import { Packing } from '@winnow/models';
import type { NamedTensors, Network } from '@winnow/plugin-api';
import { NetworkPrograms } from '@winnow/tensor-backend';
import { checkParameters } from './check-parameters.ts';
import { keptOf } from './kept-vector.ts';

/** A network with its parameters, for predictions. */
export interface Inference {
  /** Images [batch, height, width, channels] → logits [batch, classes]; `statistics` as in `ForwardOptions`. */
  logits(images: tf.Tensor4D, statistics?: NamedTensors): tf.Tensor2D;
  dispose(): void;
}

/**
 * `mask`, of parameters that are 0 but for those that it keeps, one entry a parameter, packed: a program then knows which
 * these are (see `NetworkPrograms`). The caller disposes it, and the parameters. Throws WEIGHTS_MISMATCH.
 */
export function inferenceOf(
  network: Network,
  parameters: NamedTensors,
  mask?: Uint8Array,
): Inference {
  checkParameters(network, parameters);
  const programs = NetworkPrograms.of(network, mask, { differentiable: false });
  if (!programs) {
    return {
      logits: (images, statistics) =>
        tf.tidy(() => network.forward(parameters, images, statistics ? { statistics } : {})),
      dispose: () => {},
    };
  }
  const packed = new Packing(network.parameters).pack(parameters);
  const kept = tf.tensor1d(mask ? keptOf(packed, mask) : packed);
  return {
    logits: (images, statistics) => programs.forward(kept, images, statistics),
    dispose() {
      kept.dispose();
      programs.dispose();
    },
  };
}
