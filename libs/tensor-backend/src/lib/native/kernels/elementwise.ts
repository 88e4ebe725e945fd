import * as tf from '@tensorflow/tfjs-core';
import { RELAX, type RelaxAttributes } from '../../kernels/relax.ts';
import { BINARY, COMPARISON, TYPE, UNARY } from '../engine.ts';
import { type NativeBackend, itemBytes, sizeOf } from '../native-backend.ts';
import { type NativeKernel, anyKernel, floatKernel, numberKernel } from '../native-kernel.ts';

type Attributes = Record<string, number>;

function unary(
  name: keyof typeof UNARY,
  numbers: (attrs: Attributes) => [number, number] = () => [0, 0],
): NativeKernel {
  return floatKernel<Attributes>(name, ({ inputs, attrs, backend }) => {
    const x = inputs['x']!;
    const y = backend.output(x.shape);
    const [a, b] = numbers(attrs);
    backend.engine.unary(UNARY[name], backend.handle(x), backend.handle(y), sizeOf(x.shape), a, b);
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
  op: number,
  call: 'binary' | 'compare',
  dtype: 'float32' | 'bool',
): NativeKernel {
  return floatKernel(name, ({ inputs, backend }) => {
    const a = inputs['a']!;
    const b = inputs['b']!;
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const y = backend.output(shape, dtype);
    backend.engine[call](
      op,
      backend.handle(a),
      backend.handle(b),
      backend.handle(y),
      Int32Array.from(shape),
      broadcastStrides(a.shape, shape),
      broadcastStrides(b.shape, shape),
    );
    return y;
  });
}

export function filled(
  backend: NativeBackend,
  shape: readonly number[],
  dtype: keyof typeof TYPE,
  value: number,
): tf.TensorInfo {
  const y = backend.output(shape, dtype);
  backend.engine.fill(backend.handle(y), TYPE[dtype], sizeOf(shape), value);
  return y;
}

const like = (name: string, value: number) =>
  numberKernel(name, ({ inputs, backend }) => {
    const x = inputs['x']!;
    return filled(backend, x.shape, x.dtype as keyof typeof TYPE, value);
  });

export const elementwiseKernels: readonly NativeKernel[] = [
  ...(
    [
      'Abs',
      'Neg',
      'Exp',
      'Log',
      'Sqrt',
      'Rsqrt',
      'Square',
      'Reciprocal',
      'Sigmoid',
      'Tanh',
      'Relu',
      'Sign',
      'Floor',
      'Ceil',
    ] as const
  ).map((name) => unary(name)),
  unary('Relu6', () => [6, 0]),
  unary('LeakyRelu', ({ alpha }) => [alpha!, 0]),
  unary('Step', ({ alpha }) => [alpha!, 0]),
  unary('ClipByValue', ({ clipValueMin, clipValueMax }) => [clipValueMin!, clipValueMax!]),
  ...Object.entries(BINARY).map(([name, op]) => pairwise(name, op, 'binary', 'float32')),
  ...Object.entries(COMPARISON).map(([name, op]) => pairwise(name, op, 'compare', 'bool')),
  like(tf.ZerosLike, 0),
  like(tf.OnesLike, 1),
  floatKernel<RelaxAttributes>(RELAX, ({ inputs, attrs, backend }) => {
    const { alpha, uniform } = inputs;
    const mask = backend.output(alpha!.shape);
    const [from, noise, to] = [alpha!, uniform!, mask].map((t) => backend.handle(t));
    backend.engine.relax(from!, noise!, to!, sizeOf(alpha!.shape), attrs.temperature);
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
      const [from, whereTrue, otherwise, to] = [condition!, t!, e!, y].map((x) =>
        backend.handle(x),
      );
      backend.engine.select(
        from!,
        whereTrue!,
        otherwise!,
        to!,
        sizeOf(t!.shape),
        itemBytes(t!.dtype),
      );
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
      const dtype = attrs.dtype as keyof typeof TYPE;
      if (dtype === x.dtype) return backend.shared(x);
      const y = backend.output(x.shape, dtype);
      const from = TYPE[x.dtype as keyof typeof TYPE];
      backend.engine.cast(backend.handle(x), from, backend.handle(y), TYPE[dtype], sizeOf(x.shape));
      return y;
    },
    ({ attrs }) => attrs.dtype in TYPE,
  ),
];
