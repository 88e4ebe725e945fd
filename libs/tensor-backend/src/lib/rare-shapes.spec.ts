import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { quickBackendsHere } from './backends/backends-here.ts';
import { normalize } from './ops/normalize.ts';
import { valueAndGradient } from './value-and-gradient.ts';

const wave = (shape: number[], seed = 1) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(seed * i + 1)),
    shape,
  );
const values = (x: tf.Tensor) => [...x.dataSync()];
const backends = quickBackendsHere();

describe.each(backends)('on $name', (backend) => {
  beforeAll(() => backend.start());

  it('what is reshaped after a convolution is normalised by its own channels', () => {
    for (const shape of [
      [128, 8, 16, 8],
      [32, 1, 32, 128],
    ] as [number, number, number, number][]) {
      const made = tf.conv2d(
        wave([128, 8, 8, 16]) as tf.Tensor4D,
        wave([3, 3, 16, 16], 2) as tf.Tensor4D,
        1,
        'same',
      );
      const channels = shape[3];
      const y = normalize(tf.reshape(made, shape), tf.ones([channels]), tf.zeros([channels]));
      const { mean, variance } = tf.moments(y, [0, 1, 2]);
      for (const m of values(mean)) expect(m).toBeCloseTo(0, 4);
      for (const v of values(variance)) expect(v).toBeCloseTo(1, 2);
    }
  });

  it('tensors are stacked along the last axis', () => {
    const stacked = tf.stack([tf.tensor1d([1, 2]), tf.tensor1d([5, 6])], -1);
    expect([stacked.shape, values(stacked)]).toEqual([
      [2, 2],
      [1, 5, 2, 6],
    ]);
    const gradient = tf.grad((x) => tf.sum(tf.unstack(x, -1)[0]!))(tf.ones([2, 3]));
    expect(values(gradient)).toEqual([1, 0, 0, 1, 0, 0]);
  });

  it('a sum of several terms has its gradient, also where another one is taken within', () => {
    const f = (z: tf.Tensor) => tf.sum(tf.addN([tf.tanh(z), tf.sigmoid(z), z]));
    const slope = (z: number) => {
      const s = 1 / (1 + Math.exp(-z));
      return 1 - Math.tanh(z) ** 2 + s * (1 - s) + 1;
    };
    const at = tf.tensor1d([1, 2, 3]);
    for (const gradient of [tf.grad(f)(at), valueAndGradient(f, at).gradient])
      values(gradient).forEach((g, i) => expect(g).toBeCloseTo(slope(i + 1), 5));
  });

  it('a matrix that serves a whole batch has the sum of its gradients', () => {
    const tokens = wave([3, 4, 5]);
    const { gradient } = valueAndGradient(
      (w) => tf.sum(tf.matMul(tokens, tf.reshape(w, [5, 2]))),
      wave([10]) as tf.Tensor1D,
    );
    const sums = values(tf.sum(tokens, [0, 1]));
    values(gradient).forEach((g, i) => expect(g).toBeCloseTo(sums[i >> 1]!, 4));
  });

  it('windows that are counted up have no gradient', () => {
    const x = wave([2, 6, 6, 3]) as tf.Tensor4D;
    const filter = wave([3, 3, 3, 2], 2) as tf.Tensor4D;
    for (const f of [
      (y: tf.Tensor4D) => tf.conv2d(y, filter, 2, 0, 'NHWC', 1, 'ceil'),
      (y: tf.Tensor4D) => tf.depthwiseConv2d(y, filter, 2, 0, 'NHWC', 1, 'ceil'),
      (y: tf.Tensor4D) => tf.maxPool(y, 3, 2, 0, 'ceil'),
      (y: tf.Tensor4D) => tf.avgPool(y, 3, 2, 0, 'ceil'),
    ])
      expect(() => tf.grad((y) => tf.sum(f(y as tf.Tensor4D)))(x)).toThrow(
        expect.objectContaining({ code: 'NO_GRADIENT' }),
      );
  });

  it("tensors that a gradient hands on, and did not make, stay their owner's", () => {
    const outside = tf.tensor1d([1, 2, 3]);
    const x = tf.tensor1d([2, 4, 6]);
    const handedOn = tf.customGrad((a) => ({
      value: tf.sum(a as tf.Tensor),
      gradFunc: () => outside,
    }));
    expect(values(valueAndGradient((z) => handedOn(tf.mul(z, 3)), x).gradient)).toEqual([3, 6, 9]);
    expect(outside.isDisposed).toBe(false);
    const saved = tf.customGrad((a, save) => {
      (save as tf.GradSaveFunc)([a as tf.Tensor]);
      return {
        value: tf.sum(a as tf.Tensor),
        gradFunc: (_: tf.Tensor, kept: tf.Tensor[]) => kept[0]!,
      };
    });
    const before = tf.memory().numTensors;
    const { value, gradient } = valueAndGradient((z) => saved(tf.mul(z, 3)), x);
    expect(values(gradient)).toEqual([18, 36, 54]);
    tf.dispose([value, gradient]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

const native = backends.filter(({ name }) => name === 'native');

// TensorFlow.js's own kernels, of cpu and wasm, give other numbers.
(native.length > 0 ? describe.each(native) : describe.skip.each([{ name: 'native' }]))(
  'products on $name',
  () => {
    beforeAll(() => native[0]!.start());

    it.each<[a: number[], b: number[]]>([
      [
        [2, 1, 3, 4],
        [1, 2, 4, 2],
      ],
      [
        [2, 1, 3, 4],
        [2, 4, 2],
      ],
      [
        [2, 1, 3, 4],
        [1, 3, 4, 2],
      ],
      [
        [2, 3, 3, 4],
        [2, 1, 4, 2],
      ],
    ])('%j by %j', (shapeA, shapeB) => {
      const [a, b] = [wave(shapeA), wave(shapeB, 2)];
      const outer = tf.broadcast_util.assertAndGetBroadcastShape(
        shapeA.slice(0, -2),
        shapeB.slice(0, -2),
      );
      const [wholeA, wholeB] = [
        tf.broadcastTo(a, [...outer, 3, 4]),
        tf.broadcastTo(b, [...outer, 4, 2]),
      ];
      const expected = values(tf.matMul(wholeA, wholeB));
      const found = tf.matMul(a, b);
      expect(found.shape).toEqual([...outer, 3, 2]);
      values(found).forEach((x, i) => expect(x).toBeCloseTo(expected[i]!, 5));
    });

    it('a tensor of too few numbers is refused', () => {
      const write = () => tf.backend().write(new Float32Array([1, 2]), [8], 'float32');
      expect(write).toThrow('A tensor [8] is given 2 numbers.');
    });
  },
);
