import * as tf from '@tensorflow/tfjs-core';
import type { ArrayKernel, KernelInput } from './array-kernel.ts';

export interface SplitAttributes {
  readonly numOrSizeSplits: number | number[];
  readonly axis: number;
}

/**
 * Parts along one axis. The one of `wasm` copies the whole tensor for every part: ten seconds for the 161 parameters of a
 * ResNet-50.
 */
export const split: ArrayKernel<SplitAttributes> = {
  name: tf.SplitV,
  listed: true,
  outputShapes({ x }, attributes) {
    const shape = [...x!];
    const axis = tf.util.parseAxisParam(attributes.axis, shape)[0]!;
    const { numOrSizeSplits } = attributes;
    const sizes = tf.backend_util.prepareSplitSize({ shape } as tf.Tensor, numOrSizeSplits, axis);
    return sizes.map((size) => shape.with(axis, size));
  },
  compute(inputs, outputs, attributes) {
    const { shape, values } = inputs['x'] as KernelInput;
    const axis = tf.util.parseAxisParam(attributes.axis, shape)[0]!;
    const outer = tf.util.sizeFromShape(shape.slice(0, axis));
    for (let o = 0, from = 0; o < outer; o++) {
      for (const part of outputs) {
        const length = part.length / outer;
        part.set(values.subarray(from, from + length), o * length);
        from += length;
      }
    }
  },
};
