import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { cpu } from '../backends/cpu.ts';
import { deviceVectors } from './device-vectors.ts';
import { hostVectors, plainTransfer } from './host-vectors.ts';
import { plainArithmetic } from './plain-arithmetic.ts';
import type { Vectors } from './vector.ts';

/** Drawn on the host, as where a device cannot. */
const noDraws = { uniforms: plainArithmetic.uniforms.bind(plainArithmetic), uniformTensor: never };
function never(): never {
  throw new Error('nothing is drawn here');
}

/** The ops of TensorFlow.js's reference stand for those of a device. */
const DEVICES: readonly (readonly [string, Vectors])[] = [
  ['on the host', hostVectors(plainArithmetic, plainTransfer)],
  ['on a device', deviceVectors({ ahead: false, ...noDraws })],
  ['on a device whose reads leave ahead', deviceVectors({ ahead: true, ...noDraws })],
];

describe.each(DEVICES)('vectors %s', (_, make) => {
  beforeAll(() => cpu.start());
  const { scalars } = make;
  const near = (numbers: Iterable<number>, expected: number[]) =>
    expect([...numbers]).toEqual(expected.map((x) => expect.closeTo(x, 5)));

  it('take the step of SGD, by hand', () => {
    const parameters = make.of(Float32Array.of(1, 2, 0));
    const gradient = make.of(Float32Array.of(3, 4, 12));
    const velocity = make.of(Float32Array.of(0.5, 0, 0));
    const mask = make.mask(Uint8Array.of(1, 1, 0));
    const rates = { weightDecay: 0.1, momentum: 0.9, learningRate: 0.1 };
    tf.tidy(() => {
      make.sgd({ parameters, gradient, velocity }, { ...rates, mask, factor: scalars.of(0.2) });
    });
    near(velocity.read(), [1.15, 1, 0]); // 0.45 + 0.6 + 0.1, 0.8 + 0.2
    near(parameters.read(), [0.885, 1.9, 0]);
    for (const held of [parameters, gradient, velocity, mask]) held.dispose();
  });

  it('take the first step of Adam, which is the rate whatever the gradient', () => {
    const [values, mean, variance] = [
      make.of(Float32Array.of(1, -1)),
      make.zeros(2),
      make.zeros(2),
    ];
    const direction = make.direction(2);
    const gradient = make.of(Float32Array.of(0.5, -2));
    tf.tidy(() => make.combine(direction, scalars.of(0), gradient, 2));
    const rates = { stepSize: 0.1 / 0.1, correction: Math.sqrt(0.001), epsilon: 1e-8 };
    make.adam({ values, mean, variance, direction }, { ...rates, beta1: 0.9, beta2: 0.999 });
    near(values.read(), [0.9, -0.9]);
    near(mean.read(), [0.1, -0.4]);
    near(variance.read(), [0.001, 0.016]);
    for (const held of [values, mean, variance, direction, gradient]) held.dispose();
  });

  it('add up what a mask keeps, and σ, with its slope', async () => {
    const logits = make.of(Float32Array.of(0, Math.log(3)));
    const mask = make.mask(Uint8Array.of(0, 1));
    const direction = make.direction(2);
    const read = tf.tidy(() => {
      const squares = make.squares(logits, mask);
      const count = make.expectedCount(logits, 8, direction);
      const told = scalars.read([squares, count, make.squares(direction)]);
      return { later: () => told.later() } as never;
    }) as unknown as { later: () => Promise<number[]> };
    // σ is 1/2 and 3/4; 8σ(1 − σ) is 2 and 1.5.
    near(await read.later(), [Math.log(3) ** 2, 1.25, 6.25]);
    for (const held of [logits, mask, direction]) held.dispose();
  });

  it('reckon with scalars, keep one, and leave nothing', () => {
    const before = tf.memory().numTensors;
    const { of, plus, times, over, least, root, whereAbove0, from } = scalars;
    let numbers: number[] = [];
    tf.tidy(() => {
      const sum = plus(of(1.5), times(of(2), of(3)));
      const kept = scalars.keep(sum, undefined);
      const again = scalars.keep(over(sum, of(3)), kept);
      const chosen = whereAbove0(of(-1), of(1), of(2));
      const told = [
        sum,
        least(of(4), of(3)),
        root(of(9)),
        chosen,
        whereAbove0(of(0), of(1), of(2)),
      ];
      numbers = scalars.read([...told, from(tf.tensor1d([7])), again]).now();
      scalars.drop(again);
    });
    near(numbers, [7.5, 3, 3, 2, 2, 7, 2.5]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('take over as many numbers as they have, no more and no fewer', () => {
    const vector = make.of(Float32Array.of(1, 2));
    for (const other of [Float32Array.of(3), Float32Array.of(3, 4, 5)]) {
      const refusal = new RangeError(`A vector of 2 numbers is given ${other.length}.`);
      const tensor = tf.tensor1d(other);
      expect(() => vector.assign(tensor)).toThrow(refusal);
      expect(() => vector.write(other)).toThrow(refusal);
      tensor.dispose();
    }
    near(vector.read(), [1, 2]);
    vector.dispose();
  });

  it('hand over copies, and tell a number that is not finite', () => {
    const vector = make.of(Float32Array.of(1, 2));
    const tensor = vector.tensor();
    vector.write(Float32Array.of(3, NaN));
    near(tensor.dataSync(), [1, 2]);
    expect(make.isFinite(vector)).toBe(false);
    vector.assign(tensor);
    tensor.dispose();
    near(vector.read(), [1, 2]);
    expect(make.isFinite(vector)).toBe(true);
    vector.dispose();
  });
});
