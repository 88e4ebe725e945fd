import * as tf from '@tensorflow/tfjs-core';
import type { ArrayKernel, KernelInput } from './array-kernel.ts';

export const MAX_POOL_GATHER = 'WinnowMaxPoolGather';

export interface PoolAttributes {
  readonly filterSize: [number, number];
  readonly strides: [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
}

export function poolGeometry(
  shape: readonly number[],
  { filterSize, strides, pad }: PoolAttributes,
) {
  return tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    undefined,
    'channelsLast',
  );
}

/** use(place of a window, place in x of its first maximum), window by window and channel by channel. */
export function eachMaximum(
  { shape, values: x }: KernelInput,
  attributes: PoolAttributes,
  use: (window: number, maximum: number) => void,
): void {
  const g = poolGeometry(shape, attributes);
  let at = 0;
  for (let n = 0; n < g.batchSize; n++)
    for (let oh = 0; oh < g.outHeight; oh++)
      for (let ow = 0; ow < g.outWidth; ow++)
        for (let c = 0; c < g.inChannels; c++) {
          let best = -Infinity;
          let bestAt = -1;
          for (let kh = 0; kh < g.filterHeight; kh++) {
            const h = oh * g.strideHeight + kh - g.padInfo.top;
            if (h < 0 || h >= g.inHeight) continue;
            for (let kw = 0; kw < g.filterWidth; kw++) {
              const w = ow * g.strideWidth + kw - g.padInfo.left;
              if (w < 0 || w >= g.inWidth) continue;
              const i = ((n * g.inHeight + h) * g.inWidth + w) * g.inChannels + c;
              if (bestAt < 0 || x[i]! > best) {
                best = x[i]!;
                bestAt = i;
              }
            }
          }
          use(at++, bestAt);
        }
}

/**
 * The transpose of max-pooling's gradient, which is linear in dy: reads `values` [n, h, w, c] where `x`, of the same
 * shape, has the (first) maximum of each window; output [n, outHeight, outWidth, c].
 */
export const maxPoolGather: ArrayKernel<PoolAttributes> = {
  name: MAX_POOL_GATHER,
  outputShapes: ({ x }, attributes) => [poolGeometry(x as readonly number[], attributes).outShape],
  compute(inputs, [output], attributes) {
    const { values } = inputs['values'] as KernelInput;
    eachMaximum(inputs['x'] as KernelInput, attributes, (window, maximum) => {
      output![window] = values[maximum]!;
    });
  },
};
