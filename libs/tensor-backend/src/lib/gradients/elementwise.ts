import * as tf from '@tensorflow/tfjs-core';
import { offTape } from '../off-tape.ts';

type Attributes = Readonly<Record<string, unknown>>;

/** x ↦ dy · slope(x). Only the input is saved: see `registerGradients` for why. */
function unary(
  kernelName: string,
  slope: (x: tf.Tensor, attributes: Attributes) => tf.Tensor,
): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => ({
      x: () => tf.mul(dy as tf.Tensor, slope(x as tf.Tensor, attributes as Attributes)),
    }),
  };
}

/** Of what is constant nearly everywhere. */
function flat(kernelName: string): tf.GradConfig {
  return { kernelName, gradFunc: (dy) => ({ x: () => tf.zerosLike(dy as tf.Tensor) }) };
}

/** Undoes broadcasting: sums `dy` down to `shape`. */
export function sumTo(dy: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, dy.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(dy, axes) : dy, shape);
}

function binary(
  kernelName: string,
  slopes: (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => { a: () => tf.Tensor; b: () => tf.Tensor },
): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => {
      const [a, b] = saved as [tf.Tensor, tf.Tensor];
      const parts = slopes(dy as tf.Tensor, a, b);
      return { a: () => sumTo(parts.a(), a.shape), b: () => sumTo(parts.b(), b.shape) };
    },
  };
}

/** 1 where the condition holds and 0 elsewhere; comparisons have no gradient, so it is a constant. */
const indicator = (condition: () => tf.Tensor) => offTape(() => tf.cast(condition(), 'float32'));

// Klambauer et al., arXiv 1706.02515, as TensorFlow.js has them.
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

export const elementwiseGradients: readonly tf.GradConfig[] = [
  unary(tf.Abs, (x) => tf.sign(x)),
  unary(tf.Neg, (x) => tf.fill(x.shape, -1)),
  unary(tf.Exp, (x) => tf.exp(x)),
  unary(tf.Expm1, (x) => tf.exp(x)),
  unary(tf.Log, (x) => tf.reciprocal(x)),
  unary(tf.Log1p, (x) => tf.reciprocal(tf.add(x, 1))),
  unary(tf.Sqrt, (x) => tf.div(0.5, tf.sqrt(x))),
  unary(tf.Rsqrt, (x) => tf.div(-0.5, tf.mul(x, tf.sqrt(x)))),
  unary(tf.Square, (x) => tf.mul(x, 2)),
  unary(tf.Reciprocal, (x) => tf.div(-1, tf.square(x))),
  unary(tf.Sin, (x) => tf.cos(x)),
  unary(tf.Cos, (x) => tf.neg(tf.sin(x))),
  unary(tf.Sigmoid, (x) => {
    const y = tf.sigmoid(x);
    return tf.mul(y, tf.sub(1, y));
  }),
  unary(tf.Tanh, (x) => tf.sub(1, tf.square(tf.tanh(x)))),
  unary(tf.Softplus, (x) => tf.sigmoid(x)),
  unary(tf.Erf, (x) => tf.mul(tf.exp(tf.neg(tf.square(x))), 2 / Math.sqrt(Math.PI))),
  unary(tf.Relu, (x) => tf.step(x)),
  // Between 0 and 6, in one pass over x less than by two steps.
  unary(tf.Relu6, (x) => tf.step(tf.mul(x, tf.sub(6, x)))),
  unary(tf.LeakyRelu, (x, { alpha }) => tf.step(x, alpha as number)),
  unary(tf.Elu, (x) => tf.exp(tf.minimum(x, 0))),
  unary(tf.Selu, (x) => {
    const below = tf.mul(SELU_SCALE * SELU_ALPHA, tf.exp(tf.minimum(x, 0)));
    return tf.where(
      offTape(() => tf.greater(x, 0)),
      tf.fill(x.shape, SELU_SCALE),
      below,
    );
  }),
  unary(tf.Atan, (x) => tf.reciprocal(tf.add(1, tf.square(x)))),
  unary(tf.Tan, (x) => tf.reciprocal(tf.square(tf.cos(x)))),
  unary(tf.Asin, (x) => tf.rsqrt(tf.sub(1, tf.square(x)))),
  unary(tf.Acos, (x) => tf.neg(tf.rsqrt(tf.sub(1, tf.square(x))))),
  unary(tf.Asinh, (x) => tf.rsqrt(tf.add(1, tf.square(x)))),
  unary(tf.Acosh, (x) => tf.rsqrt(tf.sub(tf.square(x), 1))),
  unary(tf.Atanh, (x) => tf.reciprocal(tf.sub(1, tf.square(x)))),
  unary(tf.Sinh, (x) => tf.cosh(x)),
  unary(tf.Cosh, (x) => tf.sinh(x)),
  unary(tf.ClipByValue, (x, { clipValueMin, clipValueMax }) =>
    indicator(() =>
      tf.logicalAnd(
        tf.greaterEqual(x, clipValueMin as number),
        tf.lessEqual(x, clipValueMax as number),
      ),
    ),
  ),
  flat(tf.Sign),
  flat(tf.Step),
  flat(tf.Floor),
  flat(tf.Ceil),
  flat(tf.Round),
  flat(tf.ZerosLike),
  flat(tf.OnesLike),
  { kernelName: tf.Identity, gradFunc: (dy) => ({ x: () => dy as tf.Tensor }) },
  {
    kernelName: tf.Cast,
    gradFunc: (dy, _, attributes) => {
      const { dtype } = attributes as unknown as { dtype: tf.DataType };
      // To whole numbers and truth values it is constant nearly everywhere.
      const slope = dtype === 'float32' ? (y: tf.Tensor) => tf.cast(y, dtype) : tf.zerosLike;
      return { x: () => slope(dy as tf.Tensor) };
    },
  },
  binary(tf.Add, (dy) => ({ a: () => dy, b: () => dy })),
  binary(tf.Sub, (dy) => ({ a: () => dy, b: () => tf.neg(dy) })),
  binary(tf.Multiply, (dy, a, b) => ({ a: () => tf.mul(dy, b), b: () => tf.mul(dy, a) })),
  binary(tf.RealDiv, (dy, a, b) => ({
    a: () => tf.div(dy, b),
    b: () => tf.neg(tf.div(tf.mul(dy, a), tf.square(b))),
  })),
  binary(tf.Pow, (dy, a, b) => ({
    a: () => tf.mul(dy, tf.mul(b, tf.pow(a, tf.sub(b, 1)))),
    b: () =>
      tf.mul(
        dy,
        tf.mul(
          tf.pow(a, b),
          tf.where(
            offTape(() => tf.greater(a, 0)),
            tf.log(a),
            tf.zerosLike(a),
          ),
        ),
      ),
  })),
  binary(tf.SquaredDifference, (dy, a, b) => ({
    a: () => tf.mul(dy, tf.mul(2, tf.sub(a, b))),
    b: () => tf.mul(dy, tf.mul(2, tf.sub(b, a))),
  })),
  binary(tf.Atan2, (dy, a, b) => {
    const squares = tf.add(tf.square(a), tf.square(b));
    return {
      a: () => tf.mul(dy, tf.div(b, squares)),
      b: () => tf.neg(tf.mul(dy, tf.div(a, squares))),
    };
  }),
  binary(tf.Mod, (dy, a, b) => ({
    a: () => dy,
    b: () =>
      tf.neg(
        tf.mul(
          dy,
          offTape(() => tf.floor(tf.div(a, b))),
        ),
      ),
  })),
  binary(tf.Maximum, (dy, a, b) => ({
    a: () =>
      tf.mul(
        dy,
        indicator(() => tf.greaterEqual(a, b)),
      ),
    b: () =>
      tf.mul(
        dy,
        indicator(() => tf.less(a, b)),
      ),
  })),
  binary(tf.Minimum, (dy, a, b) => ({
    a: () =>
      tf.mul(
        dy,
        indicator(() => tf.lessEqual(a, b)),
      ),
    b: () =>
      tf.mul(
        dy,
        indicator(() => tf.greater(a, b)),
      ),
  })),
  {
    kernelName: tf.Prelu,
    inputsToSave: ['x', 'alpha'],
    gradFunc: (dys, saved) => {
      const dy = dys as tf.Tensor;
      const [x, alpha] = saved as [tf.Tensor, tf.Tensor];
      const above = indicator(() => tf.greater(x, 0));
      return {
        x: () => tf.mul(dy, tf.add(above, tf.mul(alpha, tf.sub(1, above)))),
        alpha: () => sumTo(tf.mul(dy, tf.minimum(x, 0)), alpha.shape),
      };
    },
  },
  {
    kernelName: tf.AddN,
    saveAllInputs: true,
    // One each, as TensorFlow.js disposes a slope once another is added to it.
    gradFunc: (dy, saved) =>
      Object.fromEntries(saved.map((_, i) => [String(i), () => tf.clone(dy as tf.Tensor)])),
  },
  {
    kernelName: tf.Select,
    inputsToSave: ['condition'],
    gradFunc: (dy, saved) => {
      const condition = saved[0] as tf.Tensor;
      return {
        condition: () => tf.zeros(condition.shape),
        t: () =>
          tf.mul(
            dy as tf.Tensor,
            indicator(() => condition),
          ),
        e: () =>
          tf.mul(
            dy as tf.Tensor,
            indicator(() => tf.logicalNot(condition)),
          ),
      };
    },
  },
];
