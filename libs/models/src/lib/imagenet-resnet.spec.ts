import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { ComponentRegistry, type ImageShape, type Network } from '@winnow/plugin-api';
import { crossEntropy, valueAndGradient } from '@winnow/tensor-backend';
import { quickBackendsHere } from '@winnow/tensor-backend/node';
import { Golden, hashed, relativeError } from '@winnow/golden';
import { Packing } from './packing.ts';
import plugin from './plugin.ts';

const registry = new ComponentRegistry(plugin.components);
const square = (side: number): ImageShape => ({ height: side, width: side, channels: 3 });

function build(name: string, input: ImageShape, classes: number): Network {
  return registry.get('model', name).build(input, classes, {});
}

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

describe('parameters', () => {
  it.each([
    // The counts that torchvision publishes with its weights for 1000 classes.
    ['resnet18', 11_689_512],
    ['resnet34', 21_797_672],
    ['resnet50', 25_557_032],
    ['resnet101', 44_549_160],
  ])('of %s are %i', (name, count) => {
    const { parameters } = build(name, square(224), 1000);
    expect(parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0)).toBe(count);
  });

  it('are named as the other ResNets name theirs', () => {
    const names = build('resnet50', square(64), 10).parameters.map((p) => p.name);
    expect(names.filter((name) => name.startsWith('stage2.block1.'))).toEqual(
      ['conv1', 'bn1', 'conv2', 'bn2', 'conv3', 'bn3', 'shortcut.conv', 'shortcut.bn'].flatMap(
        (layer) =>
          (layer.includes('bn') ? ['weight', 'bias'] : ['weight']).map(
            (kind) => `stage2.block1.${layer}.${kind}`,
          ),
      ),
    );
  });

  it('are used at as many places as the images leave: 4.09 thousand million multiply-adds at 224×224', () => {
    const { parameters } = build('resnet50', square(224), 1000);
    const adds = parameters
      .filter((p) => p.prunable)
      .reduce((sum, { shape, usesPerImage }) => sum + sizeOf(shape) * usesPerImage, 0);
    // torchvision publishes 4.09 GFLOPs, by which it means multiply-adds.
    expect(adds / 1e9).toBeCloseTo(4.09, 2);
  });
});

it('takes images from 17×17 on', () => {
  expect(() => build('resnet50', { height: 32, width: 16, channels: 3 }, 10)).toThrow(
    expect.objectContaining({
      code: 'IMAGES_TOO_SMALL',
      message: expect.stringMatching(/resnet50 .*32×16 pixels/),
    }),
  );
  expect(build('resnet18', square(17), 10).parameters.at(-3)).toMatchObject({
    name: 'stage4.block2.bn2.bias',
  });
});

/** The weights that `golden/with_torchvision.py` makes, packed. */
function hashedParameters({ parameters }: Network, lastNorm: string): Float32Array {
  const packing = new Packing(parameters);
  const packed = new Float32Array(packing.size);
  let stream = 0;
  for (const [name, { shape, data }] of packing.views(packed)) {
    const range = (): [low: number, high: number] => {
      if (name.endsWith('bias')) return [-0.1, 0.1];
      if (shape.length === 1) return name.endsWith(lastNorm) ? [0.1, 0.3] : [0.5, 1.5];
      const bound = Math.sqrt(6 / sizeOf(shape.slice(1)));
      return [-bound, bound];
    };
    data.set(hashed(data.length, ++stream, ...range()));
  }
  return packed;
}

// gradients.spec.ts of tensor-backend tries these layers on `cpu`, `npm run test:full` the larger network on `wasm`.
const backends = quickBackendsHere();
describe.each([
  { name: 'resnet18', lastNorm: 'bn2.weight', relus: 17, on: backends },
  { name: 'resnet50', lastNorm: 'bn3.weight', relus: 49, on: backends.slice(-1) },
])('$name', ({ name, lastNorm, relus, on }) => {
  const network = build(name, square(64), 10);
  const packing = new Packing(network.parameters);
  const weights = hashedParameters(network, lastNorm);

  describe.each(on)('on $name', (backend) => {
    beforeAll(() => backend.start());

    it("has torchvision's logits, loss and gradients", async () => {
      const golden = await Golden.load('forward', name);
      const bound = Math.sqrt(3);
      let captured = 0;
      tf.tidy(() => {
        const nchw = tf.tensor4d(hashed(2 * 3 * 64 * 64, 0, -bound, bound), [2, 3, 64, 64]);
        const images = tf.transpose(nchw, [0, 2, 3, 1]);
        let logits = new Float32Array();
        const { value, gradient } = valueAndGradient((parameters) => {
          const y = network.forward(packing.unpack(parameters), images, {
            capture: () => captured++,
          });
          logits = y.dataSync<'float32'>().slice();
          return crossEntropy(y, tf.tensor1d([0, 1], 'int32'));
        }, tf.tensor1d(weights));
        expect(captured).toBe(relus);
        expect(relativeError(logits, golden.values('logits'))).toBeLessThan(1e-4);
        expect(relativeError(value.dataSync(), golden.values('loss'))).toBeLessThan(1e-4);
        const gradients = packing.unpack(gradient);
        expect(golden.names('gradNorm.')).toEqual(packing.names);
        for (const parameter of packing.names) {
          const norm = tf.norm(gradients[parameter]!).dataSync();
          expect(relativeError(norm, golden.values(`gradNorm.${parameter}`))).toBeLessThan(1e-4);
        }
        for (const parameter of golden.names('grad.')) {
          const values = gradients[parameter]!.dataSync();
          expect(relativeError(values, golden.values(`grad.${parameter}`))).toBeLessThan(1e-4);
        }
      });
    });

    it("has torchvision's synaptic flow", async () => {
      const golden = await Golden.load('forward', name);
      tf.tidy(() => {
        const absolute = weights.map(Math.abs);
        let exponent = 0;
        const { value, gradient } = valueAndGradient((parameters) => {
          const flow = network.synapticFlow!(packing.unpack(parameters));
          exponent = flow.exponent;
          return flow.value;
        }, tf.tensor1d(absolute));
        const total = value.dataSync()[0]!;
        const logarithm = Math.log(total) + exponent * Math.LN2;
        expect(logarithm).toBeCloseTo(golden.values('logFlow')[0]!, 3);
        const scores = packing.unpack(tf.div(tf.mul(gradient, absolute), total));
        const prunable = network.parameters.filter((p) => p.prunable).map((p) => p.name);
        expect(golden.names('flow.')).toEqual(prunable);
        for (const parameter of prunable) {
          const norm = tf.norm(scores[parameter]!).dataSync();
          expect(relativeError(norm, golden.values(`flow.${parameter}`))).toBeLessThan(1e-4);
        }
      });
    });
  });
});
