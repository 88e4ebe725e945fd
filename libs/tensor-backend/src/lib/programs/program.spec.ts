import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import type { GraphLayer, NetworkGraph } from '@winnow/plugin-api';
import { hashed, inFloat64, relativeError } from '@winnow/golden';
import { backendsHere } from '../backends/backends-here.ts';
import { native } from '../backends/native.ts';
import { wasm } from '../backends/wasm.ts';
import { type Engine, loadEngine } from '../native/engine.ts';
import { hessianVectorProduct } from '../hessian-vector-product.ts';
import { valueAndGradient } from '../value-and-gradient.ts';
import { type Program, compileProgram } from './program.ts';

const INPUT = { height: 9, width: 9, channels: 3 };
const BATCH = 37;
const image = (side: number, channels: number) => ({ height: side, width: side, channels });
const window = (side: number, stride: number, pad: number) => ({
  kernel: [side, side] as const,
  stride,
  padding: { top: pad, bottom: pad, left: pad, right: pad },
});
const conv = (name: string, x: number, side: number, stride: number) => ({
  op: 'conv' as const,
  x,
  name,
  channels: 8,
  bias: false,
  ...window(3, stride, 1),
  shape: image(side, 8),
});
const normalize = (name: string, x: number, side: number, residual?: number): GraphLayer => ({
  op: 'normalize',
  x,
  name,
  epsilon: 1e-5,
  ...(residual !== undefined && { residual }),
  relu: true,
  shape: image(side, 8),
});
/** A residual block between a stem and a pooling. */
const graph: NetworkGraph = {
  layers: [
    conv('stem', 0, 9, 1),
    normalize('stem.bn', 1, 9),
    conv('first', 2, 9, 1),
    normalize('first.bn', 3, 9),
    conv('second', 4, 9, 1),
    normalize('second.bn', 5, 9, 2),
    { op: 'max-pool', x: 6, ...window(3, 2, 1), shape: image(5, 8) },
    conv('third', 7, 3, 2),
    normalize('third.bn', 8, 3),
    { op: 'global-average-pool', x: 9, shape: { units: 8 } },
    { op: 'linear', x: 10, name: 'head', bias: true, shape: { units: 5 } },
  ],
  logits: 11,
};
const parameters = [
  { name: 'stem.weight', shape: [8, 3, 3, 3] },
  ...['first', 'second', 'third'].map((name) => ({ name: `${name}.weight`, shape: [8, 8, 3, 3] })),
  ...['stem', 'first', 'second', 'third'].flatMap((name) => [
    { name: `${name}.bn.weight`, shape: [8] },
    { name: `${name}.bn.bias`, shape: [8] },
  ]),
  { name: 'head.weight', shape: [5, 8] },
  { name: 'head.bias', shape: [5] },
];
const sizes = parameters.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
const total = sizes.reduce((a, b) => a + b);
const draws = hashed(total, 1, 0, 1);
const kept = Uint8Array.from(draws, (u, i) => (i >= 1944 || u < 0.2 ? 1 : 0));
const values = hashed(total, 2, -0.7, 0.8).map((v, i) => (kept[i] ? v : 0));
const images = hashed(BATCH * 9 * 9 * 3, 3, -1.7, 1.7);
const dlogits = hashed(BATCH * 5, 4, -1, 1);
const request = { input: INPUT, graph, parameters, kept, batch: BATCH, differentiable: true };
const ofKept = (all: ArrayLike<number>) => Array.from(all).filter((_, i) => kept[i]);

/** Logits and gradient, of a program that is made for it. */
function outcome(): { logits: Float32Array; gradient: Float32Array } {
  return tf.tidy(() => {
    const program = compileProgram(request)!;
    let logits = new Float32Array();
    const { gradient } = valueAndGradient(
      (x) => {
        const y = program.forward(x, tf.tensor4d(images, [BATCH, 9, 9, 3]));
        logits = y.dataSync<'float32'>().slice();
        return tf.sum(tf.mul(y, tf.tensor2d(dlogits, [BATCH, 5])));
      },
      tf.tensor1d(ofKept(values)),
    );
    program.dispose();
    return { logits, gradient: gradient.dataSync<'float32'>().slice() };
  });
}

function exactly() {
  let at = 0;
  const named = parameters.map(
    ({ name }, i) => [name, values.subarray(at, (at += sizes[i]!))] as const,
  );
  const pass = inFloat64({ input: INPUT, graph, parameters: new Map(named), images, batch: BATCH });
  const gradients = pass.gradients(dlogits);
  const all = parameters.flatMap(({ name }) => [...gradients.get(name)!]);
  return { logits: pass.logits, gradient: ofKept(all), margin: pass.margin };
}

(backendsHere().includes(native) ? describe : describe.skip)('a program', () => {
  let engine: Engine;
  beforeAll(async () => {
    await native.start();
    engine = loadEngine();
  });

  it('has the same bits however often it runs, and on however many threads', () => {
    const before = engine.threads();
    const once = outcome();
    for (const threads of [before, 1, 2, 3, 7]) {
      engine.setThreads(threads);
      expect(outcome()).toEqual(once);
    }
    engine.setThreads(before);
  });

  it('is as exact by every instruction set', () => {
    const before = engine.instructions();
    const exact = exactly();
    // Or else a ReLU decides otherwise, and a gradient differs by a thousandth.
    expect(exact.margin).toBeGreaterThan(1e-6);
    for (const name of engine.availableInstructions()) {
      engine.setInstructions(name);
      const { logits, gradient } = outcome();
      expect(relativeError(logits, exact.logits)).toBeLessThan(1e-5);
      expect(relativeError(gradient, exact.gradient)).toBeLessThan(1e-4);
    }
    engine.setInstructions(before);
  });

  it('goes on with the instruction set that it was made for', () => {
    const before = engine.instructions();
    const other = engine.availableInstructions().find((name) => name !== before);
    const program = compileProgram(request)!;
    const run = () =>
      tf.tidy(() =>
        program
          .forward(tf.tensor1d(ofKept(values)), tf.tensor4d(images, [BATCH, 9, 9, 3]))
          .dataSync()
          .slice(),
      );
    const first = run();
    engine.setInstructions(other!);
    expect(run()).toEqual(first);
    engine.setInstructions(before);
    program.dispose();
  });

  it('gives its memory back, and then no longer runs', () => {
    const blocks = engine.memory().liveBlocks;
    const tensors = tf.memory().numTensors;
    outcome();
    expect(engine.memory().liveBlocks).toBe(blocks);
    expect(tf.memory().numTensors).toBe(tensors);
    const program = compileProgram(request)!;
    const x = tf.tensor1d(ofKept(values));
    const batch = tf.tensor4d(images, [BATCH, 9, 9, 3]);
    const another = tf.zeros<tf.Rank.R4>([BATCH + 1, 9, 9, 3]);
    expect(() => program.forward(x, another)).toThrow('of 37 images, and was given 38');
    expect(() => program.forward(tf.zeros([3]), batch)).toThrow(
      /runProgram, parameters has 12 bytes/,
    );
    program.dispose();
    expect(() => program.forward(x, batch)).toThrow(/runProgram, program is no program/);
  });

  it('shows activations beside the same logits, and is differentiated by both', () => {
    const captures = [2, 4, 6, 9];
    const [plain, showing] = [request, { ...request, captures }].map((it) => compileProgram(it)!);
    const tensors = tf.memory().numTensors;
    tf.tidy(() => {
      const x = tf.tensor1d(ofKept(values));
      const batch = tf.tensor4d(images, [BATCH, 9, 9, 3]);
      const slopes = tf.tensor2d(dlogits, [BATCH, 5]);
      const { logits, captured } = showing!.show(x, batch);
      const sides = [9, 9, 9, 3].map((side) => [BATCH, side, side, 8]);
      expect(captured.map(({ shape }) => shape)).toEqual(sides);
      expect(logits.dataSync()).toEqual(plain!.forward(x, batch).dataSync());
      expect(showing!.forward(x, batch).dataSync()).toEqual(logits.dataSync());
      // The head over the average pooling of what is shown last.
      const pooled = tf.mean<tf.Tensor2D>(captured[3]!, [1, 2]);
      const head = tf.tensor2d(ofKept(values).slice(-45, -5), [5, 8]);
      const theirs = tf.add(tf.matMul(pooled, head, false, true), ofKept(values).slice(-5));
      expect(relativeError(logits.dataSync(), theirs.dataSync())).toBeLessThan(1e-5);
      const by = (program: typeof plain, loss: (of: ReturnType<Program['show']>) => tf.Tensor) =>
        valueAndGradient((at) => loss(program!.show(at, batch)), x)
          .gradient.dataSync()
          .slice();
      const ofLogits = ({ logits }: { logits: tf.Tensor }) => tf.sum(tf.mul(logits, slopes));
      const expected = by(plain, ofLogits);
      expect(relativeError(by(showing, ofLogits), expected)).toBeLessThan(1e-6);
      const last = by(showing, ({ captured }) => {
        const pooled = tf.mean<tf.Tensor2D>(captured[3]!, [1, 2]);
        return tf.sum(tf.mul(tf.matMul(pooled, head, false, true), slopes));
      });
      // All but the head's own.
      expect(relativeError(last.slice(0, -45), expected.slice(0, -45))).toBeLessThan(1e-5);
    });
    expect(tf.memory().numTensors).toBe(tensors);
    for (const program of [plain, showing]) program!.dispose();
    expect(compileProgram({ ...request, captures: [3] })).toBeUndefined();
  });

  it('leaves what it puts out, and nothing else', () => {
    const program = compileProgram({ ...request, captures: [2, 4] })!;
    const x = tf.tensor1d(ofKept(values));
    const batch = tf.tensor4d(images, [BATCH, 9, 9, 3]);
    const before = tf.memory().numTensors;
    const alone = program.forward(x, batch);
    expect(tf.memory().numTensors).toBe(before + 1);
    const { logits, captured } = program.show(x, batch);
    expect(tf.memory().numTensors).toBe(before + 1 + 3);
    tf.dispose([x, batch, alone, logits, ...captured]);
    program.dispose();
  });

  it.each([
    ['a bent function', (logits: tf.Tensor) => tf.sum(tf.square(logits))],
    ['a sum', (logits: tf.Tensor) => tf.sum(logits)],
  ])('refuses a second derivative of %s of its logits', (_, of) => {
    const program = compileProgram(request)!;
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const batch = tf.tensor4d(images, [BATCH, 9, 9, 3]);
      const x = tf.tensor1d(ofKept(values));
      const loss = (at: tf.Tensor1D) => of(program.forward(at, batch));
      expect(() => hessianVectorProduct(loss, x, tf.onesLike(x))).toThrow(
        expect.objectContaining({
          code: 'NO_GRADIENT',
          message: expect.stringMatching(/^A program of the engine has no second derivatives/),
        }),
      );
    });
    expect(tf.memory().numTensors).toBe(before);
    program.dispose();
  });

  it('tells what it keeps of each layer', () => {
    const program = compileProgram(request)!;
    const count = (from: number, to: number) =>
      kept.subarray(from, to).reduce((sum, bit) => sum + bit, 0);
    expect(program.layers.map(({ name, kept, of }) => [name, kept, of])).toEqual([
      ['stem', count(0, 216), 216],
      ['first', count(216, 792), 576],
      ['second', count(792, 1368), 576],
      ['third', count(1368, 1944), 576],
      ['head', 40, 40],
    ]);
    program.dispose();
  });

  it.each<[string, NetworkGraph]>([
    ['logits behind a ReLU', withLast({ op: 'relu', x: 11, shape: { units: 5 } })],
    ['logits of several pixels', { layers: graph.layers.slice(0, 9), logits: 9 }],
    [
      'windows that see nothing but padding',
      {
        layers: [
          {
            ...conv('stem', 0, 9, 1),
            padding: { top: 1, bottom: 1, left: 1, right: 4 },
            shape: { height: 9, width: 12, channels: 8 },
          },
          { op: 'global-average-pool', x: 1, shape: { units: 8 } },
          { op: 'linear', x: 2, name: 'head', bias: true, shape: { units: 5 } },
        ],
        logits: 3,
      },
    ],
    [
      'a layer that nothing reads',
      { layers: [...graph.layers, conv('first', 2, 9, 1)], logits: 11 },
    ],
    [
      'a ReLU of images',
      { layers: [{ op: 'relu', x: 0, shape: INPUT }, ...graph.layers], logits: 12 },
    ],
  ])('is none of %s', (_, unfit) => {
    expect(compileProgram({ ...request, graph: unfit })).toBeUndefined();
  });
});

function withLast(layer: GraphLayer): NetworkGraph {
  return { layers: [...graph.layers, layer], logits: graph.layers.length + 1 };
}

it('is none on a backend without', async () => {
  await wasm.start();
  expect(compileProgram(request)).toBeUndefined();
});
