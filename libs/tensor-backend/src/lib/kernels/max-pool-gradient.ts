import * as tf from '@tensorflow/tfjs-core';
import type { ArrayKernel, KernelInput } from './array-kernel.ts';
import { type PoolAttributes, eachMaximum } from './max-pool-gather.ts';

/** Brings dy to the (first) maximum of each window. The one of `wasm` loses it where all of a window is negative. */
export const maxPoolGradient: ArrayKernel<PoolAttributes> = {
  name: tf.MaxPoolGrad,
  outputShapes: ({ input }) => [input!],
  compute({ input, dy }, [output], attributes) {
    output!.fill(0);
    eachMaximum(input as KernelInput, attributes, (window, maximum) => {
      output![maximum]! += dy!.values[window]!;
    });
  },
};
