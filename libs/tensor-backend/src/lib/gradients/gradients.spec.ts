import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import type { Sides } from '@winnow/plugin-api';
import { backendsHere } from '../backends/backends-here.ts';
import { directionalDerivatives, irregular, secondDerivatives } from '../finite-differences.ts';
import { offTape } from '../off-tape.ts';
import { conv } from '../ops/conv.ts';
import { crossEntropy } from '../ops/cross-entropy.ts';
import { flatten } from '../ops/flatten.ts';
import { logSoftmax } from '../ops/log-softmax.ts';
import { normalize } from '../ops/normalize.ts';
import { globalAveragePool, maxPool } from '../ops/pool.ts';

type Case = [name: string, f: (...x: tf.Tensor[]) => tf.Tensor, shapes: number[][]];

const images = (x: tf.Tensor | undefined) => x as tf.Tensor4D;
const vector = (x: tf.Tensor | undefined) => x as tf.Tensor1D;
const positive = (x: tf.Tensor) => tf.add(x, 2);
const convCase = (
  [n, h, w, input]: [number, number, number, number],
  [output, kh, kw]: [number, number, number],
  stride: number,
  padding: number | Sides,
): Case => [
  `conv ${kh}×${kw} stride ${stride} padding ${JSON.stringify(padding)} on ${n}×${h}×${w}×${input}`,
  (x, k) => conv(images(x), images(k), { stride, padding }),
  [
    [n, h, w, input],
    [output, input, kh, kw],
  ],
];

// One table, as long as there are ops: an op without a line here has no gradient that was tried.
const CASES: Case[] = [
  ['abs', (x) => tf.mul(tf.abs(positive(x)), x), [[5]]],
  ['exp', (x) => tf.exp(x), [[5]]],
  ['expm1', (x) => tf.expm1(x), [[5]]],
  ['log', (x) => tf.log(positive(x)), [[5]]],
  ['log1p', (x) => tf.log1p(positive(x)), [[5]]],
  ['sqrt', (x) => tf.sqrt(positive(x)), [[5]]],
  ['rsqrt', (x) => tf.rsqrt(positive(x)), [[5]]],
  ['square', (x) => tf.square(x), [[5]]],
  ['reciprocal', (x) => tf.reciprocal(positive(x)), [[5]]],
  ['sin', (x) => tf.sin(x), [[5]]],
  ['cos', (x) => tf.cos(x), [[5]]],
  ['sigmoid', (x) => tf.sigmoid(x), [[5]]],
  ['tanh', (x) => tf.tanh(x), [[5]]],
  ['softplus', (x) => tf.softplus(x), [[5]]],
  ['erf', (x) => tf.erf(x), [[5]]],
  ['relu', (x) => tf.mul(tf.relu(x), x), [[7]]],
  ['relu6', (x) => tf.mul(tf.relu6(x), x), [[7]]],
  ['leakyRelu', (x) => tf.mul(tf.leakyRelu(x, 0.1), x), [[7]]],
  ['elu', (x) => tf.elu(x), [[7]]],
  ['selu', (x) => tf.selu(x), [[7]]],
  ['prelu', (x, alpha) => tf.mul(tf.prelu(x, alpha), x), [[2, 5], [5]]],
  ['atan', (x) => tf.atan(x), [[5]]],
  ['tan', (x) => tf.tan(x), [[5]]],
  ['asin', (x) => tf.asin(tf.mul(x, 0.5)), [[5]]],
  ['acos', (x) => tf.acos(tf.mul(x, 0.5)), [[5]]],
  ['asinh', (x) => tf.asinh(x), [[5]]],
  ['acosh', (x) => tf.acosh(positive(x)), [[5]]],
  ['atanh', (x) => tf.atanh(tf.mul(x, 0.5)), [[5]]],
  ['atan2 with broadcasting', (x, y) => tf.atan2(x, positive(y)), [[2, 3], [3]]],
  ['mod', (x, y) => tf.mul(tf.mod(x, positive(y)), y), [[2, 3], [3]]],
  ['sinh', (x) => tf.sinh(x), [[5]]],
  ['cosh', (x) => tf.cosh(x), [[5]]],
  ['neg and clip', (x) => tf.neg(tf.mul(x, tf.clipByValue(x, -0.5, 0.5))), [[7]]],
  ['add with broadcasting', (x, y) => tf.mul(tf.add(x, y), y), [[2, 3], [3]]],
  [
    'sub with broadcasting',
    (x, y) => tf.mul(tf.sub(x, y), x),
    [
      [2, 3],
      [2, 1],
    ],
  ],
  ['mul', (x, y) => tf.mul(x, y), [[2, 3], [1]]],
  ['div', (x, y) => tf.div(x, positive(y)), [[2, 3], [3]]],
  ['pow', (x, y) => tf.pow(positive(x), y), [[4], [4]]],
  ['squaredDifference', (x, y) => tf.squaredDifference(x, y), [[2, 3], [3]]],
  ['maximum', (x, y) => tf.mul(tf.maximum(x, y), x), [[6], [6]]],
  ['minimum', (x, y) => tf.mul(tf.minimum(x, y), x), [[6], [6]]],
  ['addN', (x, y) => tf.square(tf.addN([x, y])), [[4], [4]]],
  [
    'where',
    (x, y) =>
      tf.where(
        offTape(() => tf.greater(x, 0)),
        tf.square(x),
        tf.mul(x, y),
      ),
    [[6], [6]],
  ],
  [
    'where on a condition that depends on the input',
    (x, y) =>
      tf.where(
        tf.logicalAnd(tf.greater(x, 0), tf.any(tf.notEqual(x, y))),
        tf.square(x),
        tf.mul(x, y),
      ),
    [[2, 3], [3]],
  ],
  [
    'the largest, by argMax and oneHot',
    (x) => tf.mul(tf.square(x), tf.oneHot(tf.argMax(x, 1), 5)),
    [[3, 5]],
  ],
  ['gather along the last axis', (x) => tf.square(tf.gather(x, [2, 0, 2, 2], 2)), [[2, 3, 4]]],
  [
    'gather of a matrix of rows',
    (x) =>
      tf.square(
        tf.gather(x, [
          [1, 1],
          [0, 2],
        ]),
      ),
    [[3, 2]],
  ],
  [
    'gather with a batch',
    (x) =>
      tf.square(
        tf.gather(
          x,
          tf.tensor2d(
            [
              [1, 0],
              [3, 3],
            ],
            [2, 2],
            'int32',
          ),
          2,
          1,
        ),
      ),
    [[2, 3, 4, 2]],
  ],
  [
    'gatherND',
    (x) =>
      tf.square(
        tf.gatherND(
          x,
          tf.tensor2d(
            [
              [0, 1],
              [2, 1],
              [0, 1],
            ],
            [3, 2],
            'int32',
          ),
        ),
      ),
    [[3, 2, 2]],
  ],
  [
    'scatterND',
    (x) => tf.square(tf.scatterND(tf.tensor2d([[3], [0], [3]], [3, 1], 'int32'), x, [4, 2])),
    [[3, 2]],
  ],
  [
    'gather of one number a row',
    (x) => tf.square(tf.gather(x, tf.tensor1d([1, 0, 2, 2], 'int32'), 1, 1)),
    [[4, 3]],
  ],
  [
    'gather with a batch counted from behind',
    (x) =>
      tf.square(
        tf.gather(
          x,
          tf.tensor2d(
            [
              [1, 0, 3],
              [3, 3, 2],
            ],
            [2, 3],
            'int32',
          ),
          -1,
          -1,
        ),
      ),
    [[2, 3, 4]],
  ],
  ['gather of one index', (x) => tf.square(tf.gather(x, tf.scalar(1, 'int32'), 1)), [[2, 3]]],
  [
    'gatherND of one place',
    (x) => tf.square(tf.gatherND(x, tf.tensor1d([1, 0], 'int32'))),
    [[2, 2, 3]],
  ],
  [
    'a cast to whole numbers, which is constant',
    (x) => tf.mul(tf.square(x), tf.cast(tf.cast(tf.mul(x, 9), 'int32'), 'float32')),
    [[5]],
  ],
  ['topk', (x) => tf.square(tf.topk(x, 2).values), [[3, 5]]],
  ['cumsum', (x) => tf.square(tf.cumsum(x, 1)), [[3, 4]]],
  ['cumsum, exclusive and reversed', (x) => tf.square(tf.cumsum(x, 0, true, true)), [[3, 4]]],
  ['sum', (x) => tf.square(tf.sum(x, [0, 2])), [[2, 3, 4]]],
  ['mean', (x) => tf.square(tf.mean(x, [1], true)), [[2, 3, 4]]],
  ['max', (x) => tf.square(tf.max(x, 1)), [[3, 5]]],
  ['min', (x) => tf.square(tf.min(x, 1)), [[3, 5]]],
  ['softmax', (x) => tf.softmax(x), [[3, 5]]],
  ['logSoftmax', (x) => logSoftmax(x as tf.Tensor2D), [[3, 5]]],
  [
    'crossEntropy',
    (x) => crossEntropy(x as tf.Tensor2D, tf.tensor1d([0, 4, 2], 'int32')),
    [[3, 5]],
  ],
  ['reshape and expandDims', (x) => tf.square(tf.expandDims(tf.reshape(x, [6]), 1)), [[2, 3]]],
  ['transpose', (x) => tf.square(tf.transpose(x, [2, 0, 1])), [[2, 3, 4]]],
  [
    'concat',
    (x, y) => tf.square(tf.concat([x, y], 1)),
    [
      [2, 3],
      [2, 1],
    ],
  ],
  ['split', (x) => tf.mul(...(tf.split(x, [2, 2]) as [tf.Tensor, tf.Tensor])), [[4]]],
  ['split one way', (x) => tf.square(tf.split(x, [4])[0]!), [[4]]],
  ['slice', (x) => tf.square(tf.slice(x, [1, 0], [1, 2])), [[3, 3]]],
  [
    'pad',
    (x) =>
      tf.square(
        tf.pad(x, [
          [1, 2],
          [0, 1],
        ]),
      ),
    [[2, 2]],
  ],
  ['split within', (x) => tf.mul(...(tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor])), [[3, 4]]],
  ['stack', (x, y) => tf.square(tf.stack([x, y], 1)), [[3], [3]]],
  ['unstack', (x) => tf.mul(...(tf.unstack(x, 0) as [tf.Tensor, tf.Tensor])), [[2, 3]]],
  ['reverse', (x) => tf.mul(tf.reverse(x, 0), x), [[4]]],
  ['tile', (x) => tf.square(tf.tile(x, [2, 3])), [[2, 2]]],
  [
    'matMul',
    (x, y) => tf.matMul(x, y),
    [
      [2, 3],
      [3, 4],
    ],
  ],
  [
    'matMul, both transposed',
    (x, y) => tf.matMul(x, y, true, true),
    [
      [3, 2],
      [4, 3],
    ],
  ],
  convCase([2, 5, 4, 3], [2, 3, 3], 1, 1),
  convCase([2, 5, 5, 3], [2, 3, 3], 2, 1),
  convCase([1, 6, 6, 2], [3, 3, 3], 2, 1),
  convCase([1, 1, 1, 5], [3, 3, 3], 2, 1),
  convCase([1, 4, 5, 2], [3, 1, 1], 1, 0),
  convCase([2, 5, 4, 2], [3, 1, 1], 2, 0),
  convCase([1, 9, 9, 2], [2, 7, 7], 2, 3),
  convCase([2, 4, 4, 2], [2, 3, 1], 1, 0),
  convCase([1, 4, 4, 2], [2, 1, 1], 1, 1),
  // What TensorFlow calls "same" where the stride leaves an odd pixel over, and rectangles.
  convCase([2, 6, 6, 2], [2, 3, 3], 2, { top: 0, bottom: 1, left: 0, right: 1 }),
  convCase([1, 6, 5, 3], [16, 3, 3], 1, { top: 0, bottom: 2, left: 2, right: 1 }),
  convCase([1, 5, 7, 2], [3, 2, 5], 1, { top: 1, bottom: 0, left: 2, right: 2 }),
  [
    'maxPool 2',
    (x) => tf.square(maxPool(images(x), { size: [2, 2], stride: 2, padding: 0 })),
    [[2, 4, 5, 2]],
  ],
  [
    'maxPool of windows that are all negative',
    (x) => tf.square(maxPool(tf.sub(images(x), 9), { size: [2, 2], stride: 2, padding: 0 })),
    [[1, 4, 4, 2]],
  ],
  [
    'maxPool 3',
    (x) => tf.square(maxPool(images(x), { size: [3, 3], stride: 2, padding: 1 })),
    [[1, 5, 5, 2]],
  ],
  [
    'maxPool 2×3 with other padding on each side',
    (x) => {
      const padding = { top: 0, bottom: 1, left: 1, right: 0 };
      return tf.square(maxPool(images(x), { size: [2, 3], stride: 2, padding }));
    },
    [[1, 5, 6, 2]],
  ],
  ['avgPool', (x) => tf.square(tf.avgPool(images(x), 2, 2, 'valid')), [[1, 4, 4, 2]]],
  ['avgPool with padding', (x) => tf.square(tf.avgPool(images(x), 3, 2, 'same')), [[1, 5, 6, 2]]],
  [
    'depthwise convolution',
    (x, k) => tf.depthwiseConv2d(images(x), images(k), 2, 'same'),
    [
      [2, 5, 4, 3],
      [3, 2, 3, 2],
    ],
  ],
  [
    'depthwise convolution with other padding on each side',
    (x, k) =>
      conv(images(x), images(k), {
        stride: 2,
        padding: { top: 0, bottom: 2, left: 1, right: 0 },
        groups: 5,
      }),
    [
      [2, 6, 5, 5],
      [5, 1, 3, 2],
    ],
  ],
  [
    'depthwise convolution that leaves pixels over',
    (x, k) => conv(images(x), images(k), { stride: 3, padding: 0, groups: 2 }),
    [
      [1, 5, 6, 2],
      [6, 1, 1, 2],
    ],
  ],
  [
    'grouped convolution',
    (x, k) => conv(images(x), images(k), { stride: 1, padding: 1, groups: 2 }),
    [
      [1, 3, 4, 4],
      [6, 2, 3, 3],
    ],
  ],
  [
    'separable convolution',
    (x, k, p) => tf.separableConv2d(images(x), images(k), images(p), 1, 'valid'),
    [
      [1, 4, 4, 2],
      [3, 3, 2, 1],
      [1, 1, 2, 3],
    ],
  ],
  [
    'transposed convolution',
    (x, k) => tf.conv2dTranspose(images(x), images(k), [1, 5, 5, 2], 2, 'valid'),
    [
      [1, 2, 2, 3],
      [3, 3, 2, 3],
    ],
  ],
  [
    'batchNorm',
    (x, mean, variance, offset, scale) =>
      tf.square(
        tf.batchNorm(
          images(x),
          vector(mean),
          vector(positive(variance)),
          vector(offset),
          vector(scale),
          0.1,
        ),
      ),
    [[3, 2, 2, 3], [3], [3], [3], [3]],
  ],
  ['moments', (x) => tf.square(tf.moments(x, [0]).variance), [[4, 3]]],
  ['globalAveragePool', (x) => tf.square(globalAveragePool(images(x))), [[2, 3, 3, 2]]],
  ['flatten', (x) => tf.square(flatten(images(x))), [[2, 2, 3, 2]]],
  [
    'normalize',
    (x, scale, shift) => tf.square(normalize(images(x), vector(scale), vector(shift))),
    [[3, 2, 2, 3], [3], [3]],
  ],
  [
    'normalize with an ε of its own',
    (x, scale, shift) =>
      tf.square(normalize(images(x), vector(scale), vector(shift), { epsilon: 0.1 })),
    [[3, 2, 2, 3], [3], [3]],
  ],
  [
    'normalize with a ReLU',
    (x, scale, shift) =>
      tf.square(normalize(images(x), vector(scale), vector(shift), { relu: true })),
    [[3, 2, 2, 3], [3], [3]],
  ],
  [
    'normalize with a residual',
    (x, scale, shift, residual) =>
      tf.square(normalize(images(x), vector(scale), vector(shift), { residual: images(residual) })),
    [[3, 2, 2, 3], [3], [3], [3, 2, 2, 3]],
  ],
  [
    'normalize with a residual and a ReLU',
    (x, scale, shift, residual) =>
      tf.square(
        normalize(images(x), vector(scale), vector(shift), {
          residual: images(residual),
          relu: true,
        }),
      ),
    [[3, 2, 2, 3], [3], [3], [3, 2, 2, 3]],
  ],
  [
    'normalize by given statistics',
    (x, scale, shift, mean, variance) =>
      tf.square(
        normalize(images(x), vector(scale), vector(shift), {
          statistics: { mean: vector(mean), variance: vector(positive(variance)) },
        }),
      ),
    [[3, 2, 2, 3], [3], [3], [3], [3]],
  ],
  [
    'normalize by given statistics with a residual and a ReLU',
    (x, scale, shift, residual) =>
      tf.square(
        normalize(images(x), vector(scale), vector(shift), {
          residual: images(residual),
          relu: true,
          statistics: { mean: tf.zeros([3]), variance: tf.ones([3]) },
        }),
      ),
    [[3, 2, 2, 3], [3], [3], [3, 2, 2, 3]],
  ],
];

describe.each(backendsHere())('gradients on $name', (backend) => {
  beforeAll(() => backend.start());

  it.each(CASES)('%s', (_, f, shapes) => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const inputs = shapes.map((shape, i) => irregular(shape, 5 * i));
      for (const derivatives of [directionalDerivatives, secondDerivatives]) {
        const { gradient, difference } = derivatives(f, inputs);
        expect(Math.abs(difference)).toBeGreaterThan(1e-3);
        expect(Math.abs(gradient - difference)).toBeLessThan(3e-3 * (1 + Math.abs(difference)));
      }
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
