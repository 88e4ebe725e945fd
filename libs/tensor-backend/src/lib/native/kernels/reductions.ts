import * as tf from '@tensorflow/tfjs-core';
import { REDUCTION } from '../engine.ts';
import { type NativeBackend, sizeOf } from '../native-backend.ts';
import { type NativeKernel, floatKernel } from '../native-kernel.ts';

/** [outer, count, inner] of axes from `first` to before `end`. */
function folded(shape: readonly number[], first: number, end: number): [number, number, number] {
  return [sizeOf(shape.slice(0, first)), sizeOf(shape.slice(first, end)), sizeOf(shape.slice(end))];
}

function reduced(
  backend: NativeBackend,
  op: number,
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
    const [outer, count, inner] = folded(left, first, end);
    left.fill(1, first, end);
    const y = backend.output(axes.length > 0 ? left : shape);
    backend.engine.reduce(op, backend.handle(current), backend.handle(y), outer, count, inner);
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

function reduction(name: keyof typeof REDUCTION): NativeKernel {
  const axisOf = (attrs: ReductionAttributes) => attrs.axis ?? attrs.reductionIndices;
  return floatKernel<ReductionAttributes>(
    name,
    ({ inputs, attrs, backend }) =>
      reduced(backend, REDUCTION[name], inputs['x']!, axisOf(attrs), Boolean(attrs.keepDims)),
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
      const [outer, count, inner] = folded(x.shape, axis, axis + 1);
      const { engine } = backend;
      engine.argExtremum(largest, backend.handle(x), backend.handle(y), outer, count, inner);
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
      backend.engine.softmax(
        backend.handle(logits!),
        backend.handle(y),
        rows,
        columns,
        logarithmic,
      );
      return y;
    },
    ({ inputs, attrs }) => {
      const { shape } = inputs['logits']!;
      const axis = attrs[axisName];
      return sizeOf(shape) > 0 && (axis === -1 || axis === shape.length - 1);
    },
  );
}

export const reductionKernels: readonly NativeKernel[] = [
  reduction('Sum'),
  reduction('Mean'),
  reduction('Max'),
  reduction('Min'),
  reduction('Prod'),
  argExtremum(tf.ArgMax, true),
  argExtremum(tf.ArgMin, false),
  softmax(tf.Softmax, 'dim', false),
  softmax(tf.LogSoftmax, 'axis', true),
];
