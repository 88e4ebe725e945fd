import { Transpose } from '@tensorflow/tfjs-core';
import type { ArrayKernel, KernelInput } from './array-kernel.ts';

interface TransposeAttributes {
  readonly perm: readonly number[];
}

/** For `cpu`, whose own finds each number's place anew: of 128 × 32 × 32 × 16 it took 223 to 334 ms, and this 17 to 52. */
export const transpose: ArrayKernel<TransposeAttributes> = {
  name: Transpose,
  outputShapes: ({ x }, { perm }) => [perm.map((axis) => x![axis]!)],
  compute(inputs, [y], { perm }) {
    const { shape, values } = inputs['x'] as KernelInput;
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
    const sizes = perm.map((axis) => shape[axis]!);
    const steps = perm.map((axis) => strides[axis]!);
    const [innerSize, innerStep] = [sizes.pop() ?? 1, steps.pop() ?? 0];
    const at = sizes.map(() => 0);
    for (let to = 0, from = 0; to < values.length;) {
      for (let i = 0; i < innerSize; i++) y![to++] = values[from + i * innerStep]!;
      for (let axis = sizes.length - 1; axis >= 0; axis--) {
        from += steps[axis]!;
        if (++at[axis]! < sizes[axis]!) break;
        from -= steps[axis]! * sizes[axis]!;
        at[axis] = 0;
      }
    }
  },
};
