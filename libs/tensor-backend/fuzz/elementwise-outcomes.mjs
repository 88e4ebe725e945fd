const f = Math.fround;
const UNARY = {
  Abs: Math.abs,
  Neg: (x) => -x,
  Exp: Math.exp,
  Log: Math.log,
  Sqrt: Math.sqrt,
  Rsqrt: (x) => 1 / f(Math.sqrt(x)),
  Square: (x) => x * x,
  Reciprocal: (x) => 1 / x,
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Tanh: Math.tanh,
  Relu: (x) => (x < 0 ? 0 : x),
  Relu6: (x, a) => ((x < 0 ? 0 : x) > a ? a : x < 0 ? 0 : x),
  LeakyRelu: (x, a) => (x < 0 ? x * a : x),
  Step: (x, a) => (Number.isNaN(x) ? x : x > 0 ? 1 : a),
  Sign: (x) => (x > 0 ? 1 : x < 0 ? -1 : 0),
  ClipByValue: (x, a, b) => ((x < a ? a : x) > b ? b : x < a ? a : x),
  Floor: Math.floor,
  Ceil: Math.ceil,
};
const BINARY = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Multiply: (a, b) => a * b,
  RealDiv: (a, b) => a / b,
  Maximum: (a, b) => (Number.isNaN(a) || b < a ? a : b),
  Minimum: (a, b) => (Number.isNaN(a) || b > a ? a : b),
  SquaredDifference: (a, b) => f(a - b) ** 2,
};
const COMPARISON = {
  Equal: (a, b) => a === b,
  NotEqual: (a, b) => a !== b,
  Less: (a, b) => a < b,
  LessEqual: (a, b) => a <= b,
  Greater: (a, b) => a > b,
  GreaterEqual: (a, b) => a >= b,
};

/** Where an item of a walk is, for each of a shape's items in order. */
export function places(shape, strides, offset = 0) {
  let all = [offset];
  shape.forEach((n, axis) => {
    all = all.flatMap((at) => Array.from({ length: n }, (_, i) => at + i * strides[axis]));
  });
  return all;
}

const pairwise = (operations, choice) => ({
  written: ['y'],
  special: true,
  expected({ op, shape, aStrides, bStrides }, { a, b }, choices) {
    const of = operations[choices[choice][op]];
    const [from, with_] = [places(shape, aStrides), places(shape, bStrides)];
    return { y: from.map((at, i) => Number(f(of(a[at], b[with_[i]])))) };
  },
});

export const elementwise = {
  unary: {
    written: ['y'],
    special: true,
    expected: ({ op, n, a, b }, { x }, choices) => ({
      y: Array.from(x.subarray(0, n), (v) => f(UNARY[choices.Unary[op]](v, f(a), f(b)))),
    }),
  },
  binary: pairwise(BINARY, 'Binary'),
  compare: pairwise(COMPARISON, 'Comparison'),
  select: {
    written: ['y'],
    special: true,
    expected: ({ n }, { condition, t, e }) => ({
      y: Array.from({ length: n }, (_, i) => (condition[i] ? t : e)[i]),
    }),
  },
  cast: {
    written: ['y'],
    special: true,
    expected({ n, to }, { x }, { Type }) {
      const as = { Float32: f, Int32: (v) => v | 0, Bool: (v) => (v !== 0 ? 1 : 0) }[Type[to]];
      return { y: Array.from(x.subarray(0, n), as) };
    },
  },
  fill: {
    written: ['y'],
    expected({ n, type, value }, _, { Type }) {
      const as = { Float32: f, Int32: Math.trunc, Bool: Math.trunc }[Type[type]];
      return { y: Array.from({ length: n }, () => as(value)) };
    },
  },
  relax: { written: ['mask'] },
  copy: {
    written: ['y'],
    special: true,
    expected({ shape, xStrides, xOffset, yStrides, yOffset }, { x, y }) {
      const after = Array.from(y);
      const from = places(shape, xStrides, xOffset);
      places(shape, yStrides, yOffset).forEach((at, i) => (after[at] = x[from[i]]));
      return { y: after };
    },
  },
  gather: {
    written: ['y'],
    special: true,
    expected({ outer, limit, inner, count }, { x, indices }) {
      const y = [];
      for (let o = 0; o < outer; o++)
        for (let k = 0; k < count; k++)
          for (let i = 0; i < inner; i++) y.push(x[(o * limit + indices[k]) * inner + i]);
      return { y };
    },
  },
  oneHot: {
    written: ['y'],
    expected({ count, depth, type, on, off }, { indices }, { Type }) {
      const as = Type[type] === 'Float32' ? f : Math.trunc;
      const y = Array.from({ length: count * depth }, (_, i) =>
        as(indices[Math.floor(i / depth)] === i % depth ? on : off),
      );
      return { y };
    },
  },
  combine: {
    written: ['direction'],
    expected: ({ n, weight, gradientWeight }, { direction, gradient }) => ({
      direction: Array.from(
        { length: n },
        (_, i) => gradientWeight * gradient[i] + weight * direction[i],
      ),
    }),
  },
};
