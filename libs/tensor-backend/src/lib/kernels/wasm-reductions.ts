import * as tf from '@tensorflow/tfjs-core';
import type { ArrayKernel, KernelInput } from './array-kernel.ts';

interface ReductionAttributes {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

/** Sums the middle axis of [outer, count, inner]. */
function sumMiddle(
  x: ArrayLike<number>,
  outer: number,
  count: number,
  inner: number,
): Float64Array {
  const sums = new Float64Array(outer * inner);
  for (let o = 0, at = 0; o < outer; o++)
    for (let k = 0; k < count; k++)
      for (let i = 0; i < inner; i++, at++) sums[o * inner + i]! += x[at]!;
  return sums;
}

function reduction(name: string, finish: (sum: number, count: number) => number) {
  const kernel: ArrayKernel<ReductionAttributes> = {
    name,
    outputShapes({ x }, { axis, keepDims }) {
      const axes = tf.util.parseAxisParam(axis, [...x!]);
      if (keepDims) return [x!.map((n, i) => (axes.includes(i) ? 1 : n))];
      return [x!.filter((_, i) => !axes.includes(i))];
    },
    compute(inputs, [output], { axis }) {
      const { shape, values } = inputs['x'] as KernelInput;
      const axes = tf.util.parseAxisParam(axis, shape).sort((a, b) => b - a);
      const left = [...shape];
      let sums: ArrayLike<number> = values;
      for (const a of axes) {
        const size = (dims: number[]) => dims.reduce((product, n) => product * n, 1);
        sums = sumMiddle(sums, size(left.slice(0, a)), left[a]!, size(left.slice(a + 1)));
        left[a] = 1;
      }
      const count = values.length / output!.length;
      for (let i = 0; i < output!.length; i++) output![i] = finish(sums[i]!, count);
    },
  };
  return kernel;
}

/**
 * Sum and mean for `wasm`, accumulated in float64: its own add up in float32, one number after the other, and lose four
 * digits over a quarter of a million of them.
 */
export const wasmReductions = [
  reduction(tf.Sum, (sum) => sum),
  reduction(tf.Mean, (sum, count) => sum / count),
];
