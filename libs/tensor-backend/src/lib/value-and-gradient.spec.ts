import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { backendsHere } from './backends/backends-here.ts';
import { conv } from './ops/conv.ts';
import { normalize } from './ops/normalize.ts';
import { valueAndGradient } from './value-and-gradient.ts';

/** Uses x several times over, with a residual, a pass-through, and a part that leads nowhere. */
function network(x: tf.Tensor1D): tf.Tensor {
  const [a, b, unused] = tf.split(x, [36, 36, 3]) as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
  tf.square(unused);
  const images = tf.sin(tf.reshape(tf.range(0, 2 * 4 * 4 * 2), [2, 4, 4, 2]));
  const one = tf.ones<tf.Rank.R1>([2]);
  const filter = (w: tf.Tensor) => tf.reshape<tf.Rank.R4>(w, [2, 2, 3, 3]);
  const y = normalize(conv(images as tf.Tensor4D, filter(a), { stride: 1, padding: 1 }), one, one, {
    relu: true,
  });
  const z = normalize(conv(y, filter(b), { stride: 1, padding: 1 }), one, one, {
    residual: y,
    relu: true,
  });
  return tf.add(tf.sum(tf.square(tf.add(tf.add(z, y), z))), tf.sum(tf.mul(a, b)));
}

describe.each(backendsHere())('valueAndGradient on $name', (backend) => {
  beforeAll(() => backend.start());

  it("has TensorFlow.js's own value and gradient, and leaves nothing behind", () => {
    const x: tf.Tensor1D = tf.cos(tf.range(0, 75));
    const before = tf.memory().numTensors;
    const own = valueAndGradient(network, x);
    expect(tf.memory().numTensors).toBe(before + 2);
    const theirs = tf.valueAndGrad((input) => network(input as tf.Tensor1D))(x);
    expect(own.value.dataSync()).toEqual(theirs.value.dataSync());
    const [mine, expected] = [own.gradient, theirs.grad].map((t) => [...t.dataSync()]);
    for (const [i, value] of expected!.entries()) expect(mine![i]).toBeCloseTo(value, 3);
    expect(mine!.slice(72)).toEqual([0, 0, 0]);
  });

  it('keeps as much at the end of many layers as of few', () => {
    const bytesAtTheEnd = (layers: number) => {
      let bytes = 0;
      const first = tf.customGrad((a) => ({
        value: tf.clone(a as tf.Tensor),
        gradFunc: (dy: tf.Tensor) => {
          bytes = tf.memory().numBytes;
          return tf.clone(dy);
        },
      }));
      const [scale, shift] = [tf.ones<tf.Rank.R1>([4]), tf.zeros<tf.Rank.R1>([4])];
      const { value, gradient } = valueAndGradient(
        (x) => {
          let y = tf.reshape<tf.Rank.R4>(first(x), [8, 4, 4, 4]);
          for (let i = 0; i < layers; i++) y = normalize(y, scale, shift, { residual: y });
          return tf.sum(tf.square(y));
        },
        tf.cos(tf.range(0, 512)),
      );
      tf.dispose([value, gradient]);
      return bytes;
    };
    // Less than one activation of 512 float32 more.
    expect(bytesAtTheEnd(12) - bytesAtTheEnd(2)).toBeLessThan(2048);
  });

  it('works inside another gradient', () => {
    const x = tf.tensor1d([1, 2, 3]);
    const cubes = (v: tf.Tensor) => tf.sum(tf.mul(v, tf.square(v)));
    const second = tf.grad((v) => tf.sum(valueAndGradient(cubes, v as tf.Tensor1D).gradient))(x);
    expect([...second.dataSync()]).toEqual([6, 12, 18]);
  });

  it('names the op that has no gradient, also where a gradient is taken inside', () => {
    const x = tf.tensor1d([1, 2, 3]);
    const sum = (v: tf.Tensor) => tf.sum(tf.cumprod(v as tf.Tensor1D));
    const before = tf.memory().numTensors;
    for (const f of [sum, (v: tf.Tensor) => tf.sum(tf.grad(sum)(v))])
      expect(() => valueAndGradient(f, x)).toThrow(
        expect.objectContaining({
          code: 'NO_GRADIENT',
          message: expect.stringContaining('The op Cumprod has no gradient here.'),
        }),
      );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says that a value does not depend on the vector', () => {
    const x = tf.tensor1d([1]);
    const before = tf.memory().numTensors;
    const constant = (v: tf.Tensor) => {
      tf.square(v);
      return tf.scalar(1);
    };
    expect(() => valueAndGradient(constant, x)).toThrow(
      expect.objectContaining({
        code: 'NO_GRADIENT',
        message: expect.stringContaining('The value does not depend on'),
      }),
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves nothing behind when a gradient throws', () => {
    const x = tf.linspace(0, 1, 16);
    const dilated = (v: tf.Tensor) =>
      tf.conv2d(
        tf.reshape<tf.Rank.R4>(tf.square(v), [1, 4, 4, 1]),
        tf.ones<tf.Rank.R4>([2, 2, 1, 1]),
        ...([1, 'valid', 'NHWC', 2] as const),
      );
    const before = tf.memory().numTensors;
    expect(() => valueAndGradient((v) => tf.sum(tf.square(dilated(v))), x)).toThrow(
      expect.objectContaining({ code: 'NO_GRADIENT' }),
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says so when there is nothing to differentiate', () => {
    expect(() => valueAndGradient(() => tf.scalar(1), tf.tensor1d([1]))).toThrow('does not depend');
  });
});
