import * as tf from '@tensorflow/tfjs-core';
import { withinGradient } from '../tape.ts';

/**
 * The backend's own `tf.batchNorm`, which must be there; under a gradient, 1 and 0 take the place of a scale and an offset that were not given.
 * TensorFlow.js saves and records inputs once the kernel has run, and ends in a TypeError at one that is not there.
 */
export function batchNormInputs(backendName: string): tf.KernelConfig {
  const own = tf.getKernel(tf.FusedBatchNorm, backendName);
  const kernelFunc: tf.KernelFunc = (call) => {
    if (withinGradient()) {
      const inputs: Partial<tf.NamedTensorInfoMap> = call.inputs;
      const { shape } = inputs['mean']!;
      inputs['scale'] ??= tf.ones(shape);
      inputs['offset'] ??= tf.zeros(shape);
    }
    return own.kernelFunc(call);
  };
  return { ...own, kernelFunc };
}
