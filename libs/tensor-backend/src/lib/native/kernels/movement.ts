import * as tf from '@tensorflow/tfjs-core';
import { type NativeBackend, type NumberType, sizeOf, typeOf } from '../native-backend.ts';
import type { EngineMemory } from '../engine-memory.ts';
import { type NativeKernel, anyKernel, layerKernel, numberKernel } from '../native-kernel.ts';
import { filled } from './elementwise.ts';

/** Row-major strides in items. */
const stridesOf = (shape: readonly number[]) => shape.map((_, i) => sizeOf(shape.slice(i + 1)));

interface Walk {
  readonly strides: readonly number[];
  readonly offset?: number;
}

/** y[walk] = x[walk] over `shape`. */
function copy(
  backend: EngineMemory,
  x: tf.TensorInfo,
  y: tf.TensorInfo,
  shape: readonly number[],
  from: Walk,
  to: Walk,
): void {
  backend.engine.copy({
    x: backend.handle(x),
    y: backend.handle(y),
    type: typeOf(x),
    shape: Int32Array.from(shape),
    xStrides: Int32Array.from(from.strides),
    xOffset: from.offset ?? 0,
    yStrides: Int32Array.from(to.strides),
    yOffset: to.offset ?? 0,
  });
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** The part of x that begins at `begin`. */
function sliced(
  backend: NativeBackend,
  x: tf.TensorInfo,
  begin: readonly number[],
  size: readonly number[],
): tf.TensorInfo {
  const strides = stridesOf(x.shape);
  // Whole rows of the first axis are one piece of memory.
  if (x.shape.length > 0 && size.every((n, i) => i === 0 || n === x.shape[i]))
    return backend.view(x, dot(strides, begin), size);
  const y = backend.output(size, x.dtype);
  const from = { strides, offset: dot(strides, begin) };
  copy(backend, x, y, size, from, { strides: stridesOf(size) });
  return y;
}

/** The tensors one after the other along an axis. */
function joined(backend: NativeBackend, parts: readonly tf.TensorInfo[], axis: number) {
  const shape = [...parts[0]!.shape];
  shape[axis] = parts.reduce((sum, part) => sum + part.shape[axis]!, 0);
  const y = backend.output(shape, parts[0]!.dtype);
  const strides = stridesOf(shape);
  let at = 0;
  for (const part of parts) {
    copy(
      backend,
      part,
      y,
      part.shape,
      { strides: stridesOf(part.shape) },
      { strides, offset: at * strides[axis]! },
    );
    at += part.shape[axis]!;
  }
  return y;
}

interface TransposeAttributes {
  readonly perm: readonly number[];
}

function transposed(
  backend: EngineMemory,
  x: tf.TensorInfo,
  { perm }: TransposeAttributes,
  output: (shape: number[]) => tf.TensorInfo,
): tf.TensorInfo {
  const shape = perm.map((axis) => x.shape[axis]!);
  const y = output(shape);
  const strides = stridesOf(x.shape);
  const from = { strides: perm.map((axis) => strides[axis]!) };
  copy(backend, x, y, shape, from, { strides: stridesOf(shape) });
  return y;
}

export const transposition = layerKernel<TransposeAttributes>(
  tf.Transpose,
  ({ inputs, attrs, backend }) =>
    transposed(backend, inputs['x']!, attrs, (shape) => backend.output(shape)),
);

interface OneHotAttributes {
  readonly depth: number;
  readonly onValue: number;
  readonly offValue: number;
  readonly dtype?: NumberType;
}

const sameType = ({ inputs }: { inputs: Record<string, tf.TensorInfo> }) =>
  new Set(Object.values(inputs).map((x) => x.dtype)).size === 1;

export const movementKernels: readonly NativeKernel[] = [
  anyKernel(tf.Identity, ({ inputs, backend }) => backend.shared(inputs['x']!)),
  anyKernel<{ shape: number[] }>(tf.Reshape, ({ inputs, attrs, backend }) => {
    const x = inputs['x']!;
    const size = sizeOf(x.shape);
    const shape = tf.util.inferFromImplicitShape(attrs.shape, size);
    tf.util.assert(
      sizeOf(shape) === size,
      () => `The new shape has ${sizeOf(shape)} numbers, the old ${size}.`,
    );
    return backend.shared(x, shape);
  }),
  anyKernel<{ dim: number }>(tf.ExpandDims, ({ inputs, attrs, backend }) => {
    const x = inputs['input']!;
    const shape = [...x.shape];
    const dim = attrs.dim;
    tf.util.assert(
      dim >= -shape.length - 1 && dim <= shape.length,
      () => `The axis ${dim} is not in [${-shape.length - 1}, ${shape.length}].`,
    );
    shape.splice(dim < 0 ? shape.length + dim + 1 : dim, 0, 1);
    return backend.shared(x, shape);
  }),
  numberKernel<TransposeAttributes>(tf.Transpose, ({ inputs: { x }, attrs, backend }) =>
    transposed(backend, x!, attrs, (shape) => backend.output(shape, x!.dtype)),
  ),
  numberKernel<{ begin: number | number[]; size: number | number[] }>(
    tf.Slice,
    ({ inputs, attrs, backend }) => {
      const x = inputs['x']!;
      const [begin, size] = tf.slice_util.parseSliceParams(x, attrs.begin, attrs.size);
      tf.slice_util.assertParamsValid(x, begin!, size!);
      return sliced(backend, x, begin!, size!);
    },
  ),
  numberKernel<{ axis: number }>(
    tf.Concat,
    ({ inputs, attrs, backend }) => {
      const parts = Object.values(inputs);
      const axis = tf.util.parseAxisParam(attrs.axis, parts[0]!.shape)[0]!;
      tf.backend_util.assertParamsConsistent(
        parts.map((x) => x.shape),
        axis,
      );
      return joined(backend, parts, axis);
    },
    sameType,
  ),
  numberKernel<{ axis: number }>(
    tf.Pack,
    ({ inputs, attrs, backend }) => {
      const all = Object.values(inputs);
      const axis = attrs.axis < 0 ? attrs.axis + all[0]!.shape.length + 1 : attrs.axis;
      const parts = all.map((x) => {
        const shape = [...x.shape];
        shape.splice(axis, 0, 1);
        return { ...x, shape };
      });
      return joined(backend, parts, axis);
    },
    sameType,
  ),
  numberKernel<{ numOrSizeSplits: number | number[]; axis: number }>(
    tf.SplitV,
    ({ inputs, attrs, backend }) => {
      const x = inputs['x']!;
      const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0]!;
      const sizes = tf.backend_util.prepareSplitSize(x, attrs.numOrSizeSplits, axis);
      const begin = x.shape.map(() => 0);
      return sizes.map((n) => {
        const part = sliced(
          backend,
          x,
          begin,
          x.shape.map((whole, i) => (i === axis ? n : whole)),
        );
        begin[axis]! += n;
        return part;
      });
    },
  ),
  numberKernel<{ axis: number }>(tf.Unpack, ({ inputs, attrs, backend }) => {
    const value = inputs['value']!;
    const axis = attrs.axis < 0 ? attrs.axis + value.shape.length : attrs.axis;
    const one = value.shape.map((n, i) => (i === axis ? 1 : n));
    return Array.from({ length: value.shape[axis]! }, (_, at) => {
      const part = sliced(
        backend,
        value,
        value.shape.map((_n, i) => (i === axis ? at : 0)),
        one,
      );
      return { ...part, shape: part.shape.filter((_n, i) => i !== axis) };
    });
  }),
  numberKernel<{ paddings: [number, number][]; constantValue?: number }>(
    tf.PadV2,
    ({ inputs, attrs, backend }) => {
      const x = inputs['x']!;
      const paddings = attrs.paddings;
      const shape = x.shape.map((n, i) => n + paddings[i]![0] + paddings[i]![1]);
      const y = filled(backend, shape, x.dtype as NumberType, attrs.constantValue ?? 0);
      const strides = stridesOf(shape);
      const to = {
        strides,
        offset: dot(
          strides,
          paddings.map(([before]) => before),
        ),
      };
      copy(backend, x, y, x.shape, { strides: stridesOf(x.shape) }, to);
      return y;
    },
  ),
  numberKernel<{ dims: number | number[] }>(tf.Reverse, ({ inputs, attrs, backend }) => {
    const x = inputs['x']!;
    const dims = tf.util.parseAxisParam(attrs.dims, x.shape);
    const y = backend.output(x.shape, x.dtype);
    const strides = stridesOf(x.shape);
    const offset = dims.reduce((sum, axis) => sum + (x.shape[axis]! - 1) * strides[axis]!, 0);
    const from = { strides: strides.map((s, i) => (dims.includes(i) ? -s : s)), offset };
    copy(backend, x, y, x.shape, sizeOf(x.shape) > 0 ? from : { strides }, { strides });
    return y;
  }),
  numberKernel<{ reps: number[] }>(tf.Tile, ({ inputs, attrs, backend }) => {
    const x = inputs['x']!;
    const reps = attrs.reps;
    const y = backend.output(
      x.shape.map((n, i) => n * reps[i]!),
      x.dtype,
    );
    // Each axis becomes (repeat, original), of which the first does not move in x.
    const shape = x.shape.flatMap((n, i) => [reps[i]!, n]);
    const strides = stridesOf(x.shape).flatMap((s) => [0, s]);
    copy(backend, x, y, shape, { strides }, { strides: stridesOf(shape) });
    return y;
  }),
  numberKernel<{ axis: number; batchDims?: number }>(
    tf.GatherV2,
    ({ inputs, attrs, backend }) => {
      const { x, indices } = inputs as { x: tf.TensorInfo; indices: tf.TensorInfo };
      const axis = tf.util.parseAxisParam(attrs.axis, x.shape)[0]!;
      const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
      const y = backend.output(shape, x.dtype);
      backend.engine.gather({
        x: backend.handle(x),
        indices: backend.handle(indices),
        y: backend.handle(y),
        type: typeOf(x),
        outer: sizeOf(x.shape.slice(0, axis)),
        limit: x.shape[axis]!,
        inner: sizeOf(x.shape.slice(axis + 1)),
        count: sizeOf(indices.shape),
      });
      return y;
    },
    ({ inputs, attrs }) => inputs['indices']!.dtype === 'int32' && !attrs.batchDims,
  ),
  numberKernel<OneHotAttributes>(
    tf.OneHot,
    ({ inputs, attrs, backend }) => {
      const indices = inputs['indices']!;
      const dtype = attrs.dtype ?? 'int32';
      const y = backend.output([...indices.shape, attrs.depth], dtype);
      backend.engine.oneHot({
        indices: backend.handle(indices),
        y: backend.handle(y),
        type: typeOf(y),
        count: sizeOf(indices.shape),
        depth: attrs.depth,
        on: attrs.onValue,
        off: attrs.offValue,
      });
      return y;
    },
    ({ inputs }) => inputs['indices']!.dtype === 'int32',
  ),
];
