import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { backendsHere } from '../backends/backends-here.ts';
import { native } from '../backends/native.ts';
import { nativeArithmetic } from '../vectors/native-arithmetic.ts';
import { plainArithmetic } from '../vectors/plain-arithmetic.ts';
import { conv } from '../ops/conv.ts';
import { maxPool } from '../ops/pool.ts';
import { normalize } from '../ops/normalize.ts';
import {
  type Addon,
  type Engine,
  engineOf,
  loadEngine,
  wantedInstructions,
  wantedThreads,
} from './engine.ts';
import { fallbackCalls } from '../reference/fallback-calls.ts';
import { loadAddon } from './load-addon.ts';

const built = backendsHere().includes(native);
const arrays = fc.array(fc.float({ noNaN: true, min: -8, max: 8 }), {
  minLength: 1,
  maxLength: 70,
});

(built ? describe : describe.skip)('the engine', () => {
  let engine: Engine;
  beforeAll(async () => {
    await native.start();
    engine = loadEngine();
  });

  it('updates and draws with the bits of the plain loops', () => {
    const own = nativeArithmetic(engine);
    fc.assert(
      fc.property(arrays, fc.nat(1e6), (numbers, seed) => {
        const gradient = Float32Array.from(numbers);
        const mask = Uint8Array.from(numbers, (_, i) => (i + seed) % 2);
        const [first, second] = [plainArithmetic, own].map((arithmetic) => {
          const parameters = gradient.map((x) => Math.sin(x));
          const velocity = gradient.map((x) => Math.cos(x));
          const rates = { factor: 0.7, weightDecay: 1e-3, momentum: 0.9, learningRate: 0.1 };
          arithmetic.sgd({ parameters, gradient, velocity }, { mask, ...rates });
          const [values, mean, variance] = [0.1, 0.2, 0.3].map((x) => gradient.map(() => x));
          const constants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
          const direction = Float64Array.from(numbers);
          arithmetic.adam(
            { values: values!, mean: mean!, variance: variance!, direction },
            { stepSize: 0.1, correction: 0.5, ...constants },
          );
          const draws = new Float32Array(numbers.length);
          arithmetic.uniforms(draws, seed, 2 * seed, 3, 4);
          return [parameters, velocity, values, mean, variance, draws];
        });
        expect(second).toEqual(first);
      }),
    );
  });

  it('has logarithms of softmax where logits are large', () => {
    for (const most of [0, 1e6, -1e6]) {
      const logits = tf.tensor2d([most, most, most - 1, most - 200], [1, 4]);
      const y = tf.engine().runKernel<tf.Tensor>('LogSoftmax', { logits });
      // ln(1 + 1 + 1/e)
      const expected = [-0.8619948, -0.8619948, -1.8619948, -200.8619948];
      [...y.dataSync()].forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
    }
  });

  it('sums as the plain loops do, to float64 but for a logistic function of float32', () => {
    const own = nativeArithmetic(engine);
    const x = Float32Array.from({ length: 40007 }, (_, i) => 20 * Math.sin(i));
    expect(own.squares(x) / plainArithmetic.squares(x)).toBeCloseTo(1, 12);
    const mask = Uint8Array.from(x, (_, i) => i % 3);
    expect(own.squares(x, mask) / plainArithmetic.squares(x, mask)).toBeCloseTo(1, 12);
    const [a, b] = [new Float64Array(x.length), new Float64Array(x.length)];
    const [ours, theirs] = [own, plainArithmetic].map((by, i) => by.expectedCount(x, 3, i ? b : a));
    expect(ours! / theirs!).toBeCloseTo(1, 8);
    // Far from 0 too, where σ(1 − σ) is a difference of nearly equal numbers.
    for (const [i, slope] of a.entries())
      if (!(Math.abs(slope / b[i]! - 1) < 1e-6)) throw new Error(`${i}`);
    expect(own.squares(a) / plainArithmetic.squares(a)).toBeCloseTo(1, 12);
    const [c, d] = [a.slice(), a.slice()];
    own.combine(c, 0.3, x, -2);
    plainArithmetic.combine(d, 0.3, x, -2);
    expect(c).toEqual(d);
  });

  it('refuses what is wrong, and goes on', () => {
    const [x, y, filter] = [0, 0, 0].map(() => engine.allocate(16)) as [number, number, number];
    const unary = { op: 'Abs', x, y, n: 4, a: 0, b: 0 };
    const [shape, one, back] = [Int32Array.of(4), Int32Array.of(1), Int32Array.of(-1)];
    const binary = { op: 'Add', a: x, b: x, y, shape, aStrides: one, bStrides: one };
    const strides = { xStrides: one, xOffset: 0, yStrides: one, yOffset: 0 };
    const copy = { x, y, type: 'Float32', shape, ...strides } as const;
    const pixel = { batch: 1, height: 1, width: 1, channels: 1, filterHeight: 1, filterWidth: 1 };
    const steps = { strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1 };
    const out = { outHeight: 1, outWidth: 1, outChannels: 1, padTop: 0, padLeft: 0 };
    const convolution = { x, filter, y, moments: undefined, ...pixel, ...out, ...steps };
    const { op: _, ...withoutOp } = unary;
    for (const right of [
      () => engine.unary(unary),
      () => engine.binary(binary),
      () => engine.copy(copy),
      () => engine.convolve(convolution),
    ]) {
      expect(right).not.toThrow();
    }
    const wrong: (() => unknown)[] = [
      () => engine.unary({ ...unary, n: 5 }),
      () => engine.unary({ ...unary, op: 'Cube' }),
      () => engine.unary({ ...unary, op: 0 as never }),
      () => engine.unary(withoutOp as never),
      () => engine.unary({ ...unary, x: -1 }),
      () => engine.unary({ ...unary, x: NaN }),
      () => engine.unary({ ...unary, x: 'x' as never }),
      () => engine.unary({ ...unary, x: undefined as never }),
      () => engine.unary({ ...unary, n: 2 ** 60 }),
      () => (engine.unary as () => void)(),
      () => engine.binary({ ...binary, shape: Int32Array.of(2 ** 30, 2 ** 30) }),
      () => engine.binary({ ...binary, shape: Int32Array.of(1, 4) }),
      () => engine.binary({ ...binary, aStrides: back }),
      () => engine.binary({ ...binary, bStrides: Int32Array.of(2) }),
      () => engine.copy({ ...copy, xStrides: back }),
      () => engine.copy({ ...copy, xOffset: 1 }),
      () => engine.copy({ ...copy, type: 'float32' as never }),
      () => engine.convolve({ ...convolution, strideWidth: 0 }),
      () => engine.convolve({ ...convolution, height: -1 }),
      () => engine.convolve({ ...convolution, padTop: undefined as never }),
      () => engine.convolve({ ...convolution, channels: 5 }),
      () => engine.maxPool({ ...convolution, outChannels: 2 }),
      () => engine.depthwise({ ...convolution, channels: 2, outChannels: 3 }),
      () => engine.fill({ y, type: 'Int32', n: 4, value: 2 ** 31 }),
      () =>
        engine.gather({
          x,
          y,
          indices: x,
          type: 'Float32',
          outer: 1,
          limit: 4,
          inner: 1,
          count: 5,
        }),
      () => engine.squares({ x: new Float64Array(2), n: 3 }),
      () => engine.squares({ x: new Float32Array(2) as never, n: 2 }),
      () => engine.read(x, new Float32Array(5)),
      () => engine.write(x, [1] as never),
      () => engine.view(x, 8, 9),
      () => engine.allocate(2 ** 50),
      () => engine.allocate(-1),
      () => engine.setThreads(0),
      () => engine.setInstructions('mmx'),
      () => engine.softmax({ x, y, rows: 3, columns: 2, logarithmic: false }),
    ];
    for (const call of wrong) expect(call).toThrow();
    expect(() => engine.unary({ ...unary, op: 'Cube' })).toThrow(
      /unary, op is not one of Abs, Neg/,
    );
    expect(() => engine.unary({ ...unary, a: '1' as never })).toThrow(/unary, a is not a number/);
    for (const handle of [y, filter, x]) engine.release(handle);
    expect(() => engine.release(x)).toThrow('was disposed');
    expect(() => engine.read(x, new Float32Array(1))).toThrow('was disposed');
    expect(() => engine.unary(unary)).toThrow(/unary, x was disposed/);
  });

  it('is refused where a call is not what is stated here', () => {
    const addon = loadAddon() as Addon;
    const { fill, ...others } = addon.signatures;
    const { value: _, ...withoutValue } = fill!;
    const renamed = { ...others, fill: { ...withoutValue, number: 'number' }, flood: {} };
    const refusal = (differs: Partial<Addon>) => expect(() => engineOf({ ...addon, ...differs }));
    refusal({ signatures: renamed }).toThrow('differs in fill, flood');
    refusal({ interfaceVersion: () => 3 }).toThrow('another version, or is none');
    expect(() => engineOf({} as Addon)).toThrow('another version, or is none');
  });

  it('names its ops as TensorFlow.js does its kernels', () => {
    const { Unary, Binary, Comparison, Reduction } = engine.choices;
    for (const name of [...Unary, ...Binary, ...Comparison, ...Reduction]) {
      expect([name, tf.getKernel(name, 'cpu')]).toEqual([name, expect.anything()]);
    }
  });

  it('gives back all memory', () => {
    const before = engine.memory();
    tf.tidy(() => {
      const x = tf.ones<tf.Rank.R4>([2, 5, 5, 3]);
      const kernel = tf.ones<tf.Rank.R4>([4, 3, 3, 3]);
      tf.grad((k) => tf.sum(conv(x, k as tf.Tensor4D, { stride: 2, padding: 1 })))(kernel);
      tf.split(tf.ones([6, 2]), 3);
    });
    expect(engine.memory().liveBlocks).toBe(before.liveBlocks);
    expect(engine.memory().liveBytes).toBe(before.liveBytes);
  });

  it('keeps a part alive when the whole is disposed', () => {
    const whole = tf.tensor1d([1, 2, 3, 4]);
    const [, second] = tf.split(whole, 2);
    whole.dispose();
    expect([...second!.dataSync()]).toEqual([3, 4]);
  });

  it('hands NaN on', () => {
    const images = (x: number[]) => tf.tensor4d(x, [1, 2, 2, 1]);
    const x = images([1, NaN, 2, 3]);
    const filter = tf.ones<tf.Rank.R4>([1, 1, 2, 2]);
    const one = tf.ones<tf.Rank.R1>([1]);
    for (const y of [
      tf.relu(x),
      tf.sum(x),
      tf.max(x),
      tf.softmax(tf.reshape(x, [1, 4])),
      maxPool(x, { size: [2, 2], stride: 2, padding: 0 }),
      conv(x, filter, { stride: 1, padding: 0 }),
      normalize(x, one, one, { relu: true }),
      tf.matMul(tf.reshape(x, [2, 2]), tf.ones([2, 1])),
      tf.maximum(x, 5),
      tf.clipByValue(x, 0, 1),
    ]) {
      expect(y.dataSync().some(Number.isNaN)).toBe(true);
    }
  });

  it('leaves what it lacks to the reference kernels, and says so', () => {
    const before = fallbackCalls().get(tf.TopK) ?? 0;
    expect([...tf.topk(tf.tensor1d([1, 5, 3]), 2).values.dataSync()]).toEqual([5, 3]);
    expect(fallbackCalls().get(tf.TopK)).toBe(before + 1);
  });

  it('asks for a sensible number of threads', () => {
    const given = process.env['WINNOW_THREADS'];
    try {
      for (const wrong of ['0', 'many', '1.5', '0x1', '1e15']) {
        process.env['WINNOW_THREADS'] = wrong;
        expect(wantedThreads).toThrow(`WINNOW_THREADS is "${wrong}"`);
      }
      process.env['WINNOW_THREADS'] = '100000';
      expect(wantedThreads).toThrow(
        /^WINNOW_THREADS is "100000", which is more threads than help anywhere: there (is 1 core|are \d+ cores) here\. Give a whole number from 1 to \d+\.$/,
      );
      process.env['WINNOW_THREADS'] = '3';
      expect(wantedThreads()).toBe(3);
    } finally {
      if (given === undefined) delete process.env['WINNOW_THREADS'];
      else process.env['WINNOW_THREADS'] = given;
    }
  });

  it('takes the instruction set that is asked for, or says which there are', () => {
    const given = process.env['WINNOW_INSTRUCTIONS'];
    try {
      delete process.env['WINNOW_INSTRUCTIONS'];
      expect(wantedInstructions(['avx2', 'scalar'])).toBeUndefined();
      process.env['WINNOW_INSTRUCTIONS'] = 'avx2';
      expect(wantedInstructions(['avx2', 'scalar'])).toBe('avx2');
      expect(() => wantedInstructions(['neon', 'scalar'])).toThrow('WINNOW_INSTRUCTIONS is "avx2"');
    } finally {
      if (given === undefined) delete process.env['WINNOW_INSTRUCTIONS'];
      else process.env['WINNOW_INSTRUCTIONS'] = given;
    }
  });

  it('has the same bits for any number of threads and every instruction set that it names', () => {
    const step = () =>
      tf.tidy(() => {
        const x = tf.reshape(tf.sin(tf.range(0, 3 * 8 * 8 * 32)), [3, 8, 8, 32]);
        const kernel = tf.reshape(tf.cos(tf.range(0, 32 * 32 * 9)), [32, 32, 3, 3]);
        const gradient = tf.grad((k) =>
          tf.sum(tf.square(conv(x as tf.Tensor4D, k as tf.Tensor4D, { stride: 1, padding: 1 }))),
        )(kernel);
        return gradient.dataSync().slice();
      });
    const threads = engine.threads();
    const instructions = engine.instructions();
    for (const name of engine.availableInstructions()) {
      engine.setInstructions(name);
      const results = [1, 2, 3, 8].map((count) => {
        engine.setThreads(count);
        return step();
      });
      for (const result of results) expect(result).toEqual(results[0]);
    }
    engine.setInstructions(instructions);
    engine.setThreads(threads);
  });
});
