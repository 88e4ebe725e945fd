// The words that programs of the engine lack, or have in part, as ops: against PyTorch, and under masks against plain loops in float64.
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { Golden, hashed, relativeError } from '@winnow/golden';
import {
  compileProgram,
  cpu,
  crossEntropy,
  hessianVectorProduct,
  valueAndGradient,
} from '@winnow/tensor-backend';
import { backendsHere, native } from '@winnow/tensor-backend/node';
import type { Architecture } from './layers.ts';
import { lastUses } from './lifetimes.ts';
import { networkFrom } from './network.ts';
import { Packing } from './packing.ts';
import { MaskedNetwork } from './testing/masked-network.ts';

const INPUT = { height: 9, width: 8, channels: 4 };
const TOLERANCE = 1e-4;

/** As `golden/with_torch_layers.py` has it. */
const words: Architecture = (layers, images, classes) => {
  const grouped = layers.conv('grouped', images, {
    channels: 6,
    kernel: [3, 2],
    stride: 2,
    padding: { top: 1, bottom: 0, left: 1, right: 1 },
    groups: 2,
    bias: true,
  });
  const leaky = layers.leakyRelu(layers.normalize('bn1', grouped), { slope: 0.1 });
  const depthwise = layers.conv('depthwise', leaky, {
    channels: 12,
    kernel: 3,
    padding: 1,
    groups: 6,
  });
  const bounded = layers.relu6(layers.normalize('bn2', depthwise));
  const joined = layers.concat([bounded, leaky, layers.gelu(depthwise)]);
  const averages = layers.averagePool(joined, { size: [2, 3], stride: 2 });
  const features = layers.concat([layers.globalAveragePool(joined), layers.flatten(averages)]);
  return layers.linear('fc', features, { units: classes });
};

const network = networkFrom('words', words, INPUT, 4);
const packing = new Packing(network.parameters);

function packed(stream: number, scales: readonly [number, number]): Float32Array {
  const all = new Float32Array(packing.size);
  for (const [i, [name, { data }]] of [...packing.views(all)].entries())
    data.set(
      hashed(data.length, stream + i, ...(/bn\d\.weight/.test(name) ? scales : ([-1, 1] as const))),
    );
  return all;
}

describe.each(backendsHere())('on $name', (backend) => {
  beforeAll(() => backend.start());

  it("has PyTorch's logits, loss, gradients and Hessian-vector products", async () => {
    const golden = await Golden.load('forward', 'words');
    const whole = (prefix: string) => golden.concatenated(prefix, packing.names);
    tf.tidy(() => {
      const nchw = tf.tensor4d(hashed(3 * 4 * 9 * 8, 0, -1, 1), [3, 4, 9, 8]);
      const images = tf.transpose(nchw, [0, 2, 3, 1]);
      const forward = (parameters: tf.Tensor1D) =>
        network.forward(packing.unpack(parameters), images);
      const loss = (parameters: tf.Tensor1D) =>
        crossEntropy(forward(parameters), tf.tensor1d([0, 1, 2], 'int32'));
      const parameters = tf.tensor1d(packed(1, [2, 8]));
      expect(relativeError(forward(parameters).dataSync(), golden.values('logits'))).toBeLessThan(
        TOLERANCE,
      );
      const { value, gradient } = valueAndGradient(loss, parameters);
      expect(relativeError(value.dataSync(), golden.values('loss'))).toBeLessThan(TOLERANCE);
      expect(relativeError(gradient.dataSync(), whole('grad.'))).toBeLessThan(TOLERANCE);
      const direction = tf.tensor1d(packed(101, [-1, 1]));
      const product = hessianVectorProduct(loss, parameters, direction);
      expect(relativeError(product.dataSync(), whole('product.'))).toBeLessThan(TOLERANCE);
    });
  });

  it('has under a mask the logits, activations and gradients of plain loops', () => {
    const masked = new MaskedNetwork(network, () => 0.4, 5, { shows: true });
    const exact = masked.exactly();
    expect(exact.margin).toBeGreaterThan(1e-6);
    const ops = masked.ops();
    expect(relativeError(ops.logits, exact.logits)).toBeLessThan(TOLERANCE);
    expect(exact.activations.map(({ length }) => length / 5)).toEqual([120, 240, 240]);
    for (const [i, activation] of exact.activations.entries())
      expect(relativeError(ops.activations[i]!, activation)).toBeLessThan(TOLERANCE);
    expect(masked.worstGradientError(ops.gradient, exact.gradient)).toBeLessThan(TOLERANCE);
    expect(relativeError(masked.frozenOps(), masked.frozenExactly())).toBeLessThan(TOLERANCE);
  });
});

describe('as data', () => {
  const { layers } = network.graph!;

  it('declares weights by group, each with its places', () => {
    expect(
      network.parameters
        .filter(({ prunable }) => prunable)
        .map(({ name, shape, usesPerImage, groups }) => [name, shape, usesPerImage, groups]),
    ).toEqual([
      // ⌊(9 + 1 − 3) / 2⌋ + 1 = 4 rows and ⌊(8 + 2 − 2) / 2⌋ + 1 = 5 columns.
      ['grouped.weight', [6, 2, 3, 2], 20, 2],
      ['depthwise.weight', [12, 1, 3, 3], 20, 6],
      ['fc.weight', [4, 150], 1, undefined],
    ]);
    // Kaiming's, of the inputs that an output sees: √2 / √(2 · 3 · 2) and √2 / √9.
    const deviations = network.parameters.map(({ initializer }) =>
      initializer.kind === 'normal' ? initializer.std : undefined,
    );
    expect(deviations[0]).toBeCloseTo(Math.SQRT2 / Math.sqrt(12), 12);
    expect(deviations[4]).toBeCloseTo(Math.SQRT2 / 3, 12);
  });

  it('lists its layers with what they put out', () => {
    expect(layers.map(({ op, x, shape }) => [op, x, Object.values(shape)])).toEqual([
      ['conv', 0, [4, 5, 6]],
      ['normalize', 1, [4, 5, 6]],
      ['leaky-relu', 2, [4, 5, 6]],
      ['conv', 3, [4, 5, 12]],
      ['normalize', 4, [4, 5, 12]],
      ['relu6', 5, [4, 5, 12]],
      ['gelu', 4, [4, 5, 12]],
      ['concat', 6, [4, 5, 30]],
      ['average-pool', 8, [2, 2, 30]],
      ['global-average-pool', 8, [30]],
      ['flatten', 9, [120]],
      ['concat', 10, [150]],
      ['linear', 12, [4]],
    ]);
    expect(layers[2]).toMatchObject({ slope: 0.1 });
    expect(layers[3]).toMatchObject({ groups: 6 });
    expect(layers[7]).toMatchObject({ others: [3, 7] });
  });

  it('keeps what is concatenated until then', () => {
    const done = lastUses(network.graph!);
    expect(done.get(8)).toEqual([3, 6, 7]);
    expect(done.get(12)).toEqual([10, 11]);
  });

  (backendsHere().includes(native) ? it : it.skip).each<[word: string, Architecture]>([
    [
      'groups of several',
      (of, x) => of.flatten(of.conv('c', x, { channels: 4, kernel: 1, groups: 2 })),
    ],
    ['leakyRelu', (of, x) => of.flatten(of.leakyRelu(of.conv('c', x, { channels: 4, kernel: 1 })))],
    ['gelu', (of, x) => of.flatten(of.gelu(of.conv('c', x, { channels: 4, kernel: 1 })))],
    ['concat', (of, x) => of.flatten(of.concat([x, of.conv('c', x, { channels: 4, kernel: 1 })]))],
    ['averagePool', (of, x) => of.flatten(of.averagePool(x, { size: 2, stride: 2 }))],
  ])('with %s has no program', async (_, features) => {
    const architecture: Architecture = (of, x, units) =>
      of.linear('fc', features(of, x, units), { units });
    const { graph, parameters } = networkFrom('one', architecture, INPUT, 4);
    await native.start();
    const request = { input: INPUT, graph: graph!, parameters, batch: 2, differentiable: true };
    expect(compileProgram(request)).toBeUndefined();
  });

  it('refuses groups that do not divide the channels', () => {
    const uneven: Architecture = (of, images) =>
      of.flatten(of.conv('c', images, { channels: 6, kernel: 1, groups: 4 }));
    expect(() => networkFrom('uneven', uneven, INPUT, 4)).toThrow(
      expect.objectContaining({
        code: 'BAD_MODEL',
        message: expect.stringMatching(/"c".* 4 .* 6 .* 4 groups/),
      }),
    );
  });
});

it('has a synaptic flow as if each activation were a ReLU', async () => {
  await cpu.start();
  const bent: Architecture = (of, x, units) => {
    const y = of.relu6(
      of.leakyRelu(of.gelu(of.conv('c', x, { channels: 2, kernel: 1, groups: 2 }))),
    );
    return of.linear('fc', of.globalAveragePool(of.concat([y, x])), { units, bias: false });
  };
  const network = networkFrom('bent', bent, { height: 1, width: 1, channels: 2 }, 1);
  const parameters = {
    'c.weight': tf.tensor4d([3, 50], [2, 1, 1, 1]),
    'fc.weight': tf.tensor2d([[1, 2, 0.5, 0.25]]),
  };
  const before = tf.memory().numTensors;
  const { value, exponent } = network.synapticFlow!(parameters);
  expect(tf.memory().numTensors).toBe(before + 1);
  // 1 · 3 + 2 · 50 + 0.5 + 0.25
  expect(value.dataSync()[0]! * 2 ** exponent).toBeCloseTo(103.75, 4);
});
