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
  let loss = NaN;
  let gradient = new Float32Array();
  // Nothing is returned from the tidy, which would search the array for tensors, number by number.
  tf.tidy(() => {
    // A copy, since some backends would keep the array itself.
    const packed = tf.tensor1d(parameters.slice());
    const result = tf.valueAndGrad((p: tf.Tensor1D) =>
      crossEntropy(network.forward(packing.unpack(p), batch.images), batch.labels),
    )(packed);
    loss = result.value.dataSync()[0]!;
    gradient = new Float32Array(result.grad.dataSync<'float32'>());
  });
  return { loss, gradient };
}
