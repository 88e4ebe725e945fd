import * as tf from '@tensorflow/tfjs-core';
import { RELAX, type RelaxAttributes } from '../../kernels/relax.ts';
import { type NativeBackend, type NumberType, TYPES, sizeOf, typeOf } from '../native-backend.ts';
import { type NativeKernel, anyKernel, floatKernel, numberKernel } from '../native-kernel.ts';
import type { Choices } from '../signature.ts';

type Attributes = Record<string, number>;

/** The engine's `a` and `b` of the ops that have such. */
const NUMBERS: Readonly<Record<string, (attrs: Attributes) => { a: number; b: number }>> = {
  Relu6: () => ({ a: 6, b: 0 }),
  LeakyRelu: ({ alpha }) => ({ a: alpha!, b: 0 }),
  Step: ({ alpha }) => ({ a: alpha!, b: 0 }),
  ClipByValue: ({ clipValueMin, clipValueMax }) => ({ a: clipValueMin!, b: clipValueMax! }),
};

function unary(name: string): NativeKernel {
  const numbers = NUMBERS[name] ?? (() => ({ a: 0, b: 0 }));
  return floatKernel<Attributes>(name, ({ inputs, attrs, backend }) => {
    const x = inputs['x']!;
    const y = backend.output(x.shape);
    const { a, b } = numbers(attrs);
    backend.engine.unary({
      op: name,
      x: backend.handle(x),
      y: backend.handle(y),
      n: sizeOf(x.shape),
      a,
      b,
    });
    return y;
  });
}

/** Row-major strides of `from` seen as `to`: 0 where it is broadcast. */
function broadcastStrides(from: readonly number[], to: readonly number[]): Int32Array {
  const strides = new Int32Array(to.length);
  for (let i = to.length - 1, j = from.length - 1, step = 1; j >= 0; i--, j--) {
    if (from[j] !== 1) strides[i] = step;
    step *= from[j]!;
  }
  return strides;
}

function pairwise(
  name: string,
  call: 'binary' | 'compare',
  dtype: 'float32' | 'bool',
): NativeKernel {
  return floatKernel(name, ({ inputs, backend }) => {
    const a = inputs['a']!;
    const b = inputs['b']!;
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const y = backend.output(shape, dtype);
    backend.engine[call]({
      op: name,
      a: backend.handle(a),
      b: backend.handle(b),
      y: backend.handle(y),
      shape: Int32Array.from(shape),
      aStrides: broadcastStrides(a.shape, shape),
      bStrides: broadcastStrides(b.shape, shape),
    });
    return y;
  });
}

export function filled(
  backend: NativeBackend,
  shape: readonly number[],
  dtype: NumberType,
  value: number,
): tf.TensorInfo {
  const y = backend.output(shape, dtype);
  backend.engine.fill({ y: backend.handle(y), type: typeOf(y), n: sizeOf(shape), value });
  return y;
}

const like = (name: string, value: number) =>
  numberKernel(name, ({ inputs, backend }) => {
    const x = inputs['x']!;
    return filled(backend, x.shape, x.dtype as NumberType, value);
  });

export const elementwiseKernels = (choices: Choices): readonly NativeKernel[] => [
  ...choices.Unary.map(unary),
  ...choices.Binary.map((name) => pairwise(name, 'binary', 'float32')),
  ...choices.Comparison.map((name) => pairwise(name, 'compare', 'bool')),
  like(tf.ZerosLike, 0),
  like(tf.OnesLike, 1),
  floatKernel<RelaxAttributes>(RELAX, ({ inputs, attrs, backend }) => {
    const { alpha, uniform } = inputs;
    const mask = backend.output(alpha!.shape);
    backend.engine.relax({
      alpha: backend.handle(alpha!),
      u: backend.handle(uniform!),
      mask: backend.handle(mask),
      n: sizeOf(alpha!.shape),
      temperature: attrs.temperature,
    });
    return mask;
  }),
  anyKernel<{ shape: number[]; value: number; dtype?: tf.DataType }>(
    tf.Fill,
    ({ attrs: { shape, value }, backend }) => filled(backend, shape, 'float32', value),
    ({ attrs: { dtype, value } }) =>
      typeof value === 'number' && (dtype === undefined || dtype === 'float32'),
  ),
  numberKernel(
    tf.Select,
    ({ inputs: { condition, t, e }, backend }) => {
      const y = backend.output(t!.shape, t!.dtype);
      backend.engine.select({
        condition: backend.handle(condition!),
        t: backend.handle(t!),
        e: backend.handle(e!),
        y: backend.handle(y),
        type: typeOf(y),
        n: sizeOf(t!.shape),
      });
      return y;
    },
    ({ inputs: { condition, t, e } }) =>
      condition!.dtype === 'bool' &&
      t!.dtype === e!.dtype &&
      condition!.shape.length === t!.shape.length,
  ),
  numberKernel<{ dtype: tf.DataType }>(
    tf.Cast,
    ({ inputs, attrs, backend }) => {
      const x = inputs['x']!;
      if (attrs.dtype === x.dtype) return backend.shared(x);
      const y = backend.output(x.shape, attrs.dtype);
      backend.engine.cast({
        x: backend.handle(x),
        from: typeOf(x),
        y: backend.handle(y),
        to: typeOf(y),
        n: sizeOf(x.shape),
      });
      return y;
    },
    ({ attrs }) => attrs.dtype in TYPES,
  ),
];
