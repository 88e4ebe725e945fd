import * as tf from '@tensorflow/tfjs-core';
import type { Batch, Network } from '@winnow/plugin-api';
import type { Packing } from '@winnow/models';
import {
  crossEntropy,
  downloadVector,
  uploadVector,
  valueAndGradient,
} from '@winnow/tensor-backend';

/** Mean cross-entropy of a batch and its gradient with respect to all parameters, packed, written into `gradient` where it is given. */
export function lossAndGradient(
  network: Network,
  packing: Packing,
  parameters: Float32Array,
  batch: Batch,
  gradient: Float32Array = new Float32Array(parameters.length),
): { loss: number; gradient: Float32Array } {
  let loss = NaN;
  // Nothing is returned from the tidy, which would search the array for tensors, number by number.
  tf.tidy(() => {
    const packed = uploadVector(parameters);
    const result = valueAndGradient(
      (p) => crossEntropy(network.forward(packing.unpack(p), batch.images), batch.labels),
      packed,
    );
    loss = result.value.dataSync()[0]!;
    downloadVector(result.gradient, gradient);
  });
  return { loss, gradient };
}
