import * as tf from '@tensorflow/tfjs-core';

/** Inputs by name; one that was not given is not there. */
export type ComposedInputs = Readonly<Record<string, tf.Tensor>>;

/** A kernel made of the backend's own ops, so that nothing of it passes through JavaScript. */
export interface ComposedKernel<Attributes extends object> {
  readonly name: string;
  /** The outputs, in order; no other tensor stays. */
  compute(inputs: ComposedInputs, attributes: Attributes): tf.Tensor | tf.Tensor[];
}

/** It in the form that TensorFlow.js registers: the engine takes tensors as a kernel's outputs, and records no op within. */
export function composedKernelConfig<Attributes extends object>(
  { name, compute }: ComposedKernel<Attributes>,
  backendName: string,
): tf.KernelConfig {
  const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) =>
    tf.tidy(() => compute(inputs as unknown as ComposedInputs, attrs as unknown as Attributes));
  return { kernelName: name, backendName, kernelFunc };
}
