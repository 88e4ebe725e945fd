// The words that models of Keras need besides: against plain loops in float64, and by hand.
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { hashed, inFloat64, relativeError } from '@winnow/golden';
import {
  compileProgram,
  cpu,
  hessianVectorProduct,
  valueAndGradient,
} from '@winnow/tensor-backend';
import { backendsHere, native } from '@winnow/tensor-backend/node';
import type { Architecture } from './layers.ts';
import { networkFrom } from './network.ts';
import { Packing } from './packing.ts';
import { MaskedNetwork } from './testing/masked-network.ts';

const INPUT = { height: 8, width: 7, channels: 2 };
const TOLERANCE = 1e-4;

const words: Architecture = (layers, images, classes) => {
  const scaled = layers.affine(images, { factor: 0.5, offset: -0.25 });
  const dilated = layers.conv('dilated', scaled, {
    channels: 4,
    kernel: [3, 2],
    padding: { top: 1, bottom: 2, left: 0, right: 3 },
    dilation: 2,
  });
  const normalised = layers.normalize('unscaled', dilated, { scale: false });
  const bent = layers.multiply(layers.tanh(normalised), layers.silu(normalised));
  const depthwise = layers.conv(
    'depthwise',
    layers.pad(bent, { top: 0, bottom: 1, left: 2, right: 0 }),
    {
      channels: 8,
      kernel: [2, 3],
      groups: 4,
      bias: true,
      dilation: 2,
    },
  );
  const averages = layers.averagePool(layers.sigmoid(depthwise), {
    size: [3, 2],
    stride: 2,
    padding: { top: 1, bottom: 1, left: 0, right: 1 },
  });
  const once = layers.conv('mixed', averages, { channels: 8, kernel: 1 });
  const normal = layers.normalize('unshifted', once, { shift: false });
  const twice = layers.conv('mixed', normal, { channels: 8, kernel: 1, shared: true });
  const again = layers.normalize('unshifted', twice, { shift: false, shared: true });
  const shape = { height: 2, width: 6, channels: 6 };
  const reshaped = layers.reshape(
    layers.normalize('plain', again, { scale: false, shift: false }),
    shape,
  );
  const pooled = layers.maxPool(layers.elu(reshaped), { size: 2, stride: 2 });
  const whole = layers.reshape(layers.globalAveragePool(reshaped), {
    height: 1,
    width: 1,
    channels: 6,
  });
  const features = layers.globalAveragePool(layers.multiply(pooled, layers.sigmoid(whole)));
  const hidden = layers.linear('square', features, { units: 6 });
  const deeper = layers.linear('square', layers.tanh(hidden), { units: 6, shared: true });
  return layers.linear('fc', layers.reshape(deeper, { units: 6 }), { units: classes });
};

const network = networkFrom('words', words, INPUT, 4);
const packing = new Packing(network.parameters);

describe.each(backendsHere())('on $name', (backend) => {
  beforeAll(() => backend.start());

  it('has under a mask the logits, activations and gradients of plain loops', () => {
    const masked = new MaskedNetwork(network, () => 0.6, 3, { shows: true });
    const exact = masked.exactly();
    const ops = masked.ops();
    expect(relativeError(ops.logits, exact.logits)).toBeLessThan(TOLERANCE);
    for (const [i, activation] of exact.activations.entries())
      expect(relativeError(ops.activations[i]!, activation)).toBeLessThan(TOLERANCE);
    expect(masked.worstGradientError(ops.gradient, exact.gradient)).toBeLessThan(TOLERANCE);
    expect(relativeError(masked.frozenOps(), masked.frozenExactly())).toBeLessThan(TOLERANCE);
  });

  it('has the Hessian-vector product that gradients of plain loops lead to', () => {
    const batch = 2;
    const images = hashed(batch * 8 * 7 * 2, 1, -1, 1);
    const dlogits = hashed(batch * 4, 2, -1, 1);
    const at = hashed(packing.size, 3, 0.2, 1);
    const direction = hashed(packing.size, 4, -1, 1);
    const gradientAt = (step: number) => {
      const moved = Float64Array.from(at, (v, i) => v + step * direction[i]!);
      let place = 0;
      const parameters = new Map(
        network.parameters.map(({ name, shape }) => {
          const size = shape.reduce((a, b) => a * b, 1);
          return [name, moved.subarray(place, (place += size))];
        }),
      );
      const pass = inFloat64({ input: INPUT, graph: network.graph!, parameters, images, batch });
      const gradients = pass.gradients(dlogits);
      return packing.names.flatMap((name) => [...gradients.get(name)!]);
    };
    const STEP = 1e-5;
    const [ahead, behind] = [gradientAt(STEP), gradientAt(-STEP)];
    const expected = ahead.map((g, i) => (g - behind[i]!) / (2 * STEP));
    const actual = tf.tidy(() => {
      const loss = (parameters: tf.Tensor1D) => {
        const shaped = tf.tensor4d(images, [batch, 8, 7, 2]);
        const logits = network.forward(packing.unpack(parameters), shaped);
        return tf.sum(tf.mul(logits, tf.tensor2d(dlogits, [batch, 4])));
      };
      return hessianVectorProduct(loss, tf.tensor1d(at), tf.tensor1d(direction)).dataSync();
    });
    expect(relativeError(actual, expected)).toBeLessThan(1e-3);
  });
});

describe('as data', () => {
  it('counts a shared parameter once, at all of its places', () => {
    expect(
      network.parameters.map(({ name, shape, usesPerImage }) => [name, shape, usesPerImage]),
    ).toEqual([
      // 8 + 1 + 2 − 4 rows, 7 + 3 − 2 columns.
      ['dilated.weight', [4, 2, 3, 2], 7 * 8],
      ['unscaled.bias', [4], 1],
      // 7 + 1 − 2 rows, 8 + 2 − 4 columns.
      ['depthwise.weight', [8, 1, 2, 3], 6 * 6],
      ['depthwise.bias', [8], 1],
      // ⌊(6 + 2 − 3) / 2⌋ + 1 rows, ⌊(6 + 1 − 2) / 2⌋ + 1 columns, twice.
      ['mixed.weight', [8, 8, 1, 1], 2 * 3 * 3],
      ['unshifted.weight', [8], 2],
      ['square.weight', [6, 6], 2],
      ['square.bias', [6], 2],
      ['fc.weight', [4, 6], 1],
      ['fc.bias', [4], 1],
    ]);
  });

  it('refuses to share what no layer before has', () => {
    const alone: Architecture = (of, images, units) =>
      of.linear('fc', of.flatten(images), { units, shared: true });
    expect(() => networkFrom('alone', alone, INPUT, 4)).toThrow(
      expect.objectContaining({
        code: 'BAD_MODEL',
        message:
          'A layer shares "fc.weight" of [4, 112], which no layer before it has. Name the earlier layer, and take inputs of as many channels as it does.',
      }),
    );
  });

  it('refuses another number of numbers', () => {
    const more: Architecture = (of, images) => of.reshape(images, { units: 113 });
    expect(() => networkFrom('more', more, INPUT, 113)).toThrow(
      expect.objectContaining({
        code: 'BAD_MODEL',
        message: 'A reshape makes [113] of [8, 7, 2]. Both shapes have to hold as many numbers.',
      }),
    );
  });

  it('refuses a product of shapes that do not go together', () => {
    const product: Architecture = (of, images, units) =>
      of.linear('fc', of.flatten(of.multiply(images, of.pad(images, 1))), { units });
    expect(() => networkFrom('product', product, INPUT, 4)).toThrow(
      expect.objectContaining({
        code: 'BAD_MODEL',
        message:
          'A product is of [8, 7, 2] and [10, 9, 2]. Both have one shape, or the second is images of one pixel with the channels of the first.',
      }),
    );
  });

  (backendsHere().includes(native) ? it : it.skip).each<[word: string, Architecture]>([
    ['dilation', (of, x) => of.conv('c', x, { channels: 2, kernel: 2, dilation: 2 })],
    ['tanh', (of, x) => of.tanh(of.conv('c', x, { channels: 2, kernel: 1 }))],
    ['sigmoid', (of, x) => of.sigmoid(of.conv('c', x, { channels: 2, kernel: 1 }))],
    ['elu', (of, x) => of.elu(of.conv('c', x, { channels: 2, kernel: 1 }))],
    ['silu', (of, x) => of.silu(of.conv('c', x, { channels: 2, kernel: 1 }))],
    ['multiply', (of, x) => of.multiply(x, of.conv('c', x, { channels: 2, kernel: 1 }))],
    ['affine', (of, x) => of.affine(x, { factor: 2, offset: 1 })],
    ['pad', (of, x) => of.pad(x, 1)],
    ['reshape', (of, x) => of.reshape(x, { height: 7, width: 8, channels: 2 })],
    [
      'shared',
      (of, x) => {
        const options = { channels: 2, kernel: 1 };
        return of.conv('c', of.conv('c', x, options), { ...options, shared: true });
      },
    ],
    [
      'no scale',
      (of, x) => of.normalize('n', of.conv('c', x, { channels: 2, kernel: 1 }), { scale: false }),
    ],
  ])('with %s has no program', async (_, features) => {
    const architecture: Architecture = (of, x, units) =>
      of.linear('fc', of.flatten(features(of, x, units)), { units });
    const { graph, parameters } = networkFrom('one', architecture, INPUT, 4);
    await native.start();
    const request = { input: INPUT, graph: graph!, parameters, batch: 2, differentiable: true };
    expect(compileProgram(request)).toBeUndefined();
  });
});

it('has a synaptic flow through a product that is the product of both', async () => {
  await cpu.start();
  const gated: Architecture = (of, x, units) => {
    const y = of.elu(of.conv('c', x, { channels: 1, kernel: 1 }));
    const product = of.multiply(y, of.silu(of.conv('d', x, { channels: 1, kernel: 1 })));
    return of.linear('fc', of.globalAveragePool(product), { units, bias: false });
  };
  const network = networkFrom('gated', gated, { height: 1, width: 1, channels: 1 }, 1);
  const { value, exponent } = network.synapticFlow!({
    'c.weight': tf.tensor4d([300], [1, 1, 1, 1]),
    'd.weight': tf.tensor4d([5000], [1, 1, 1, 1]),
    'fc.weight': tf.tensor2d([[2]]),
  });
  expect(value.dataSync()[0]! * 2 ** exponent).toBeCloseTo(300 * 5000 * 2, 0);
});

it('has a synaptic flow along every path, by absolute values, and an activation lets it by', async () => {
  await cpu.start();
  const paths: Architecture = (of, x, units) => {
    const scaled = of.affine(x, { factor: -2, offset: -1 });
    const options = { channels: 1, kernel: [1, 2], dilation: 2 } as const;
    const y = of.tanh(of.conv('c', scaled, options));
    const z = of.sigmoid(
      of.normalize('n', of.pad(y, 1), { scale: false, shift: false, epsilon: 0 }),
    );
    const averages = of.averagePool(z, {
      size: 3,
      stride: 3,
      padding: { top: 0, bottom: 0, left: 0, right: 2 },
    });
    const features = of.reshape(averages, { units: 2 });
    return of.linear('fc', features, { units, bias: false });
  };
  const network = networkFrom('paths', paths, { height: 1, width: 4, channels: 1 }, 1);
  const flow = (weight: tf.Tensor) => {
    const { value, exponent } = network.synapticFlow!({
      'c.weight': tf.reshape(weight, [1, 1, 1, 2]),
      'fc.weight': tf.tensor2d([[9, 6]]),
    });
    return tf.mul(value, 2 ** exponent);
  };
  // Ones become 3; two places, each 3 (a + b); with zeros around 3×4 pixels; 9 and 3 of them in the windows.
  const { value, gradient } = valueAndGradient(flow, tf.tensor1d([5, 7]));
  expect(value.dataSync()[0]).toBeCloseTo((9 * 2 * 36) / 9, 4);
  expect([...gradient.dataSync()]).toEqual([6, 6]);
});
