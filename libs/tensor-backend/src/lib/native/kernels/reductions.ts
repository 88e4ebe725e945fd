import * as tf from '@tensorflow/tfjs-core';
import { type NativeBackend, sizeOf } from '../native-backend.ts';
import { type NativeKernel, floatKernel } from '../native-kernel.ts';
import type { Choices } from '../signature.ts';

/** Axes from `first` to before `end`, and those on both sides, as one each. */
const folded = (shape: readonly number[], first: number, end: number) => ({
  outer: sizeOf(shape.slice(0, first)),
  count: sizeOf(shape.slice(first, end)),
  inner: sizeOf(shape.slice(end)),
});

function reduced(
  backend: NativeBackend,
  op: string,
  x: tf.TensorInfo,
  axis: number[] | undefined,
  keepDims: boolean,
): tf.TensorInfo {
  const axes = tf.util.parseAxisParam(axis as number[], x.shape).sort((a, b) => a - b);
  const shape = keepDims
    ? x.shape.map((n, i) => (axes.includes(i) ? 1 : n))
    : x.shape.filter((_, i) => !axes.includes(i));
  if (axes.length === 0) return backend.shared(x);
  // Neighbouring axes are reduced at once, groups of them from the last to the first.
  const left = [...x.shape];
  let current = x;
  while (axes.length > 0) {
    const end = axes.pop()! + 1;
    let first = end - 1;
    while (axes.at(-1) === first - 1) first = axes.pop()!;
    const sizes = folded(left, first, end);
    left.fill(1, first, end);
    const y = backend.output(axes.length > 0 ? left : shape);
    backend.engine.reduce({ op, x: backend.handle(current), y: backend.handle(y), ...sizes });
    if (current !== x) backend.disposeData(current.dataId);
    current = y;
  }
  return current;
}

interface ReductionAttributes {
  readonly axis?: number[];
  readonly reductionIndices?: number[];
  readonly keepDims?: boolean;
}

function reduction(name: string): NativeKernel {
  const axisOf = (attrs: ReductionAttributes) => attrs.axis ?? attrs.reductionIndices;
  return floatKernel<ReductionAttributes>(
    name,
    ({ inputs, attrs, backend }) =>
      reduced(backend, name, inputs['x']!, axisOf(attrs), Boolean(attrs.keepDims)),
    ({ inputs }) => sizeOf(inputs['x']!.shape) > 0,
  );
}

function argExtremum(name: string, largest: boolean): NativeKernel {
  return floatKernel<{ axis: number }>(
    name,
    ({ inputs, attrs, backend }) => {
      const x = inputs['x']!;
      const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0]!;
      const y = backend.output(
        x.shape.filter((_, i) => i !== axis),
        'int32',
      );
      backend.engine.argExtremum({
        largest,
        x: backend.handle(x),
        y: backend.handle(y),
        ...folded(x.shape, axis, axis + 1),
      });
      return y;
    },
    ({ inputs }) => sizeOf(inputs['x']!.shape) > 0,
  );
}

/** Over the last axis. */
function softmax(name: string, axisName: 'dim' | 'axis', logarithmic: boolean): NativeKernel {
  return floatKernel<Record<string, number>>(
    name,
    ({ inputs, backend }) => {
      const { logits } = inputs;
      const y = backend.output(logits!.shape);
      const columns = logits!.shape.at(-1)!;
      const rows = sizeOf(logits!.shape) / columns;
      backend.engine.softmax({
        x: backend.handle(logits!),
        y: backend.handle(y),
        rows,
        columns,
        logarithmic,
      });
      return y;
    },
    ({ inputs, attrs }) => {
      const { shape } = inputs['logits']!;
      const axis = attrs[axisName];
      return sizeOf(shape) > 0 && (axis === -1 || axis === shape.length - 1);
    },
  );
}

export const reductionKernels = (choices: Choices): readonly NativeKernel[] => [
  ...choices.Reduction.map(reduction),
  argExtremum(tf.ArgMax, true),
  argExtremum(tf.ArgMin, false),
  softmax(tf.Softmax, 'dim', false),
  softmax(tf.LogSoftmax, 'axis', true),
];
