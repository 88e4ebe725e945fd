import * as tf from '@tensorflow/tfjs-core';
import { replaceKernel } from '../array-kernel.ts';

/** Inputs by name; one that was not given is not there. */
export type ComposedInputs = Readonly<Record<string, tf.Tensor>>;

/** A kernel made of the backend's own ops, so that nothing of it passes through JavaScript. */
export interface ComposedKernel<Attributes extends object> {
  readonly name: string;
  /** The outputs, in order; no other tensor stays. */
  readonly compute: (inputs: ComposedInputs, attributes: Attributes) => tf.Tensor | tf.Tensor[];
}

/**
 * Registers kernels in place of those that are there: the engine takes tensors as a kernel's outputs, and records no op
 * within one.
 */
export function useComposed(kernels: readonly ComposedKernel<never>[], backendName: string): void {
  for (const { name, compute } of kernels) {
    const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) =>
      tf.tidy(() => compute(inputs as unknown as ComposedInputs, attrs as unknown as never));
    replaceKernel({ kernelName: name, backendName, kernelFunc });
  }
}
