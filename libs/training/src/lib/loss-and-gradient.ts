import * as tf from '@tensorflow/tfjs-core';
import type { Batch, Network } from '@winnow/plugin-api';
import type { Packing } from '@winnow/models';
import { crossEntropy } from '@winnow/tensor-backend';

/** Mean cross-entropy of a batch and its gradient with respect to all parameters, packed. */
export function lossAndGradient(
  network: Network,
  packing: Packing,
  parameters: Float32Array,
  batch: Batch,
): { loss: number; gradient: Float32Array } {
  return tf.tidy(() => {
    // A copy, since some backends would keep the array itself.
    const packed = tf.tensor1d(parameters.slice());
    const { value, grad } = tf.valueAndGrad((p: tf.Tensor1D) =>
      crossEntropy(network.forward(packing.unpack(p), batch.images), batch.labels),
    )(packed);
    return { loss: value.dataSync()[0]!, gradient: grad.dataSync<'float32'>() };
  });
}
