// MobileNetV2, DenseNet-40 and WRN-28-k, op by op, against PyTorch.
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { ComponentRegistry, type Network } from '@winnow/plugin-api';
import { crossEntropy, valueAndGradient } from '@winnow/tensor-backend';
import { quickBackendsHere } from '@winnow/tensor-backend/node';
import { Golden, hashed, relativeError } from '@winnow/golden';
import { Packing } from './packing.ts';
import plugin from './plugin.ts';

const registry = new ComponentRegistry(plugin.components);

function build(name: string, side: number, classes: number, options = {}): Network {
  const input = { height: side, width: side, channels: 3 };
  return registry.get('model', name).build(input, classes, options);
}

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

describe('parameters', () => {
  it.each([
    // As torchvision publishes it with its weights; the other two by building its network so.
    ['mobilenetv2', 224, 1000, {}, 3_504_872],
    ['mobilenetv2', 32, 10, {}, 2_236_682],
    ['mobilenetv2', 224, 1000, { width: 0.5 }, 1_968_680],
    // 1.0 M in Huang et al., table 2.
    ['densenet40', 32, 10, {}, 1_019_722],
    ['densenet40', 32, 100, {}, 1_060_132],
    // 36.5 M in Zagoruyko and Komodakis, table 4.
    ['wideresnet28', 32, 10, {}, 36_479_194],
    ['wideresnet28', 32, 10, { width: 2 }, 1_467_610],
  ])(
    'of %s for %i pixels and %i classes, with %j, are %i',
    (name, side, classes, options, count) => {
      const { parameters } = build(name, side, classes, options);
      expect(sum(parameters.map(({ shape }) => sizeOf(shape)))).toBe(count);
    },
  );

  it.each([
    // torchvision publishes 0.30 GFLOPs, by which it means multiply-adds.
    ['mobilenetv2', 224, 1000, {}, 0.3],
    // Zagoruyko and Komodakis' own count for CIFAR: 5.2 thousand million.
    ['wideresnet28', 32, 10, {}, 5.24],
  ])(
    'of %s for %i pixels and %i classes, with %j, take %d thousand million multiply-adds',
    (name, side, classes, options, expected) => {
      const { parameters } = build(name, side, classes, options);
      const adds = parameters
        .filter(({ prunable }) => prunable)
        .map(({ shape, usesPerImage }) => sizeOf(shape) * usesPerImage);
      expect(sum(adds) / 1e9).toBeCloseTo(expected, 2);
    },
  );
});

it.each([
  // Five halvings, each rounded up, or three.
  [96, {}, 3],
  [95, {}, 12],
  [32, {}, 4],
  [32, { strides: 'imagenet' }, 1],
  [224, { strides: 'cifar' }, 28],
])('mobilenetv2 makes of %i pixels, with %j, %i', (side, options, left) => {
  const { layers } = build('mobilenetv2', side, 10, options).graph!;
  expect(layers.find((layer) => layer.op === 'global-average-pool')!.x).toBe(layers.length - 2);
  expect(layers.at(-3)!.shape).toEqual({ height: left, width: left, channels: 1280 });
});

/** The weights that `golden/with_torch_layers.py` makes, packed. */
function hashedParameters({ parameters }: Network): Float32Array {
  const packing = new Packing(parameters);
  const packed = new Float32Array(packing.size);
  let stream = 0;
  for (const [name, { shape, data }] of packing.views(packed)) {
    const range = (): [low: number, high: number] => {
      if (name.endsWith('bias')) return [-0.1, 0.1];
      if (shape.length === 1) return [0.5, 1.5];
      const bound = Math.sqrt(6 / sizeOf(shape.slice(1)));
      return [-bound, bound];
    };
    data.set(hashed(data.length, ++stream, ...range()));
  }
  return packed;
}

/** Of the largest norm; what is smaller is compared with this. */
const LEAST = 1e-3;

const quick = quickBackendsHere();

describe.each([
  {
    ...{ name: 'mobilenetv2', options: { strides: 'imagenet' }, side: 64, shown: 35 },
    ...{ file: 'forward', stream: 0, backends: quick.slice(-1) },
  },
  {
    ...{ name: 'mobilenetv2', options: {}, side: 16, shown: 35 },
    ...{ file: 'cifar', stream: 1725, backends: quick },
  },
  {
    ...{ name: 'densenet40', options: {}, side: 16, shown: 39 },
    ...{ file: 'forward', stream: 0, backends: quick },
  },
  {
    ...{ name: 'wideresnet28', options: { width: 2 }, side: 16, shown: 25 },
    ...{ file: 'forward', stream: 0, backends: quick },
  },
])(
  '$name with $options of $side pixels',
  ({ name, options, side, shown, file, stream, backends }) => {
    const network = build(name, side, 10, options);
    const packing = new Packing(network.parameters);
    const weights = hashedParameters(network);
    const norms = (gradient: tf.Tensor1D, of: (parameter: string) => boolean = () => true) =>
      Object.entries(packing.unpack(gradient))
        .filter(([parameter]) => of(parameter))
        .map(([, tensor]) => tf.norm(tensor).dataSync()[0]!);
    /** Where a shift is normalised away again, its gradient is 0. */
    const errors = (actual: readonly number[], expected: Float32Array) => {
      const least = LEAST * Math.max(...expected);
      return actual.map((norm, i) => Math.abs(norm - expected[i]!) / Math.max(expected[i]!, least));
    };

    describe.each(backends)('on $name', (backend) => {
      beforeAll(() => backend.start());

      it("has PyTorch's logits, loss, gradients and synaptic flow", async () => {
        const golden = await Golden.load(file, name);
        const bound = Math.sqrt(3);
        tf.tidy(() => {
          const nchw = tf.tensor4d(hashed(2 * 3 * side * side, stream, -bound, bound), [
            2,
            3,
            side,
            side,
          ]);
          const images = tf.transpose(nchw, [0, 2, 3, 1]);
          let captured = 0;
          let logits = new Float32Array();
          const { value, gradient } = valueAndGradient((parameters) => {
            const y = network.forward(packing.unpack(parameters), images, {
              capture: () => captured++,
            });
            logits = y.dataSync<'float32'>().slice();
            return crossEntropy(y, tf.tensor1d([0, 1], 'int32'));
          }, tf.tensor1d(weights));
          expect(captured).toBe(shown);
          expect(relativeError(logits, golden.values('logits'))).toBeLessThan(1e-4);
          expect(relativeError(value.dataSync(), golden.values('loss'))).toBeLessThan(1e-4);
          const first = packing.unpack(gradient)[packing.names[0]!]!.dataSync();
          expect(relativeError(first, golden.values('firstGrad'))).toBeLessThan(1e-3);
          for (const error of errors(norms(gradient), golden.values('gradNorms')))
            expect(error).toBeLessThan(1e-3);

          const absolute = tf.abs<tf.Tensor1D>(tf.tensor1d(weights));
          let exponent = 0;
          const flow = valueAndGradient((parameters) => {
            const found = network.synapticFlow!(packing.unpack(parameters));
            exponent = found.exponent;
            return found.value;
          }, absolute);
          const total = flow.value.dataSync()[0]!;
          expect(Math.log(total) + exponent * Math.LN2).toBeCloseTo(
            golden.values('logFlow')[0]!,
            3,
          );
          const scores = tf.div<tf.Tensor1D>(tf.mul(flow.gradient, absolute), total);
          const prunable = new Set(network.parameters.filter((p) => p.prunable).map((p) => p.name));
          const found = norms(scores, (parameter) => prunable.has(parameter));
          expect(found).toHaveLength(golden.values('flowNorms').length);
          for (const error of errors(found, golden.values('flowNorms')))
            expect(error).toBeLessThan(1e-4);
        });
      });
    });
  },
);
