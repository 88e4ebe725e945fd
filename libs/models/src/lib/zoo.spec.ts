import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { ComponentRegistry, type Network } from '@winnow/plugin-api';
import { crossEntropy, randomStreams, wasm } from '@winnow/tensor-backend';
import { quickBackendsHere } from '@winnow/tensor-backend/node';
import { Golden, relativeError } from '@winnow/golden';
import plugin from './plugin.ts';

const registry = new ComponentRegistry(plugin.components);

function build(name: string, side: number, channels: number, options = {}): Network {
  const shape = { height: side, width: side, channels };
  return registry.get('model', name).build(shape, 10, options);
}

function counts({ parameters }: Network): [all: number, prunable: number] {
  const size = (ps: typeof parameters) =>
    ps.reduce((sum, p) => sum + p.shape.reduce((a, b) => a * b, 1), 0);
  return [size(parameters), size(parameters.filter((p) => p.prunable))];
}

describe('counts', () => {
  it.each([
    // Stated by the authors of CTS and by He et al.'s architecture with 3×3 shortcuts.
    ['resnet20', 32, 3, {}, 292_954, 291_376],
    ['resnet8', 8, 1, {}, 98_234, 97_552],
    // He et al., table 6, with parameter-free shortcuts: 0.27, 0.46, 0.66, 0.85 and 1.7 million.
    ['resnet20', 32, 3, { shortcut: 'identity' }, 269_722, 268_336],
    // 1×1 projections: 272 474 as in most published ports.
    ['resnet20', 32, 3, { shortcut: 'projection' }, 272_474, 270_896],
    ['resnet32', 32, 3, { shortcut: 'identity' }, 464_154, 461_872],
    ['resnet44', 32, 3, { shortcut: 'identity' }, 658_586, 655_408],
    ['resnet56', 32, 3, { shortcut: 'identity' }, 853_018, 848_944],
    ['resnet110', 32, 3, { shortcut: 'identity' }, 1_727_962, 1_719_856],
    // 9 · Σ in · out over the thirteen convolutions, plus two a channel, plus 5 130 for the head.
    ['vgg16', 32, 3, {}, 14_724_042, 14_710_464],
    ['vgg19', 32, 3, {}, 20_035_018, 20_018_880],
    ['vgg11', 32, 3, {}, 9_228_362, 9_217_728],
    ['vgg13', 32, 3, {}, 9_413_066, 9_402_048],
    // Frankle and Carbin, table 1: 266 K, 4.3 M and 2.4 M weights. Of Conv-6 it says 1.7 M, but three poolings of
    // 32×32 leave 4×4×256 = 4 096 features, and with 1 144 512 in the convolutions 2.3 M in all.
    ['lenet', 28, 1, {}, 266_610, 266_200],
    ['conv2', 32, 3, {}, 4_301_642, 4_300_992],
    ['conv4', 32, 3, {}, 2_425_930, 2_425_024],
    ['conv6', 32, 3, {}, 2_262_602, 2_261_184],
  ] as const)('%s on %i×%i images %j', (name, side, channels, options, all, prunable) => {
    expect(counts(build(name, side, channels, options))).toEqual([all, prunable]);
  });
});

// By halvings that round down: four of VGG, one for each pair of convolutions.
it.each([
  ['vgg11', 16],
  ['vgg13', 16],
  ['vgg16', 16],
  ['vgg19', 16],
  ['conv2', 2],
  ['conv4', 4],
  ['conv6', 8],
])('%s takes images of %i pixels and no smaller ones', (name, least) => {
  const side = least - 1;
  expect(() => build(name, least, 1)).not.toThrow();
  expect(() => build(name, side, 1)).toThrow(
    expect.objectContaining({
      code: 'IMAGES_TOO_SMALL',
      message: `${name} has a layer with no pixels left of images of ${side}×${side}. Give at least ${least}×${least}, or choose a network with fewer poolings.`,
    }),
  );
});

describe.each(quickBackendsHere())('ResNet-8 on $name', (backend) => {
  beforeAll(() => backend.start());

  it('has the logits, loss and gradients of the golden files', async () => {
    const [weights, batch, forward] = await Promise.all(
      ['weights', 'batch', 'forward'].map((name) => Golden.load(name)),
    );
    const network = build('resnet8', 32, 3);
    expect(network.parameters.map((p) => p.name)).toEqual(weights!.names());
    tf.tidy(() => {
      const names = weights!.names();
      const parameters = weights!.tensors();
      const { images, labels } = batch!.batch();
      const logits = network.forward(parameters, images).dataSync();
      expect(relativeError(logits, forward!.values('logits'))).toBeLessThan(1e-4);
      const { value, grads } = tf.valueAndGrads((...values: tf.Tensor[]) =>
        crossEntropy(
          network.forward(Object.fromEntries(names.map((n, i) => [n, values[i]!])), images),
          labels,
        ),
      )(names.map((n) => parameters[n]!));
      expect(relativeError(value.dataSync(), forward!.values('loss'))).toBeLessThan(1e-4);
      for (const [i, name] of names.entries()) {
        const expected = forward!.values(`grad.${name}`);
        expect(relativeError(grads[i]!.dataSync(), expected)).toBeLessThan(1e-4);
      }
    });
  });
});

describe('every model on wasm', () => {
  beforeAll(() => wasm.start());

  // The large ResNets have imagenet-resnet.spec.ts, those with other words than they wider-zoo.spec.ts.
  const left = /110|vgg1[139]|resnet(18|34|50|101)|mobilenet|dense|wide/;
  it.each(registry.names('model').filter((name) => !left.test(name)))(
    '%s runs forwards under a mask and captures its activations',
    (name) => {
      const network = build(name, 32, 3);
      tf.tidy(() => {
        // Weights drawn at random would take seconds of the larger models.
        const parameters = Object.fromEntries(
          network.parameters.map(({ name: of, shape }) => [of, tf.fill([...shape], 0.01)]),
        );
        const images = tf.tensor4d(
          randomStreams(0)('images').normals(2 * 32 * 32 * 3, 0),
          [2, 32, 32, 3],
        );
        let captured = 0;
        const capture = (activation: tf.Tensor) => {
          captured++;
          expect(tf.min(activation).dataSync()[0]).toBeGreaterThanOrEqual(0);
        };
        const logits = network.forward(parameters, images, { capture });
        expect(logits.shape).toEqual([2, 10]);
        expect(captured).toBeGreaterThan(1);
        const none = Object.fromEntries(
          network.parameters.filter((p) => p.prunable).map((p) => [p.name, tf.zeros([...p.shape])]),
        );
        // Without weights nothing of the images is left: both examples give the same logits.
        const [first, second] = network.forward(parameters, images, { mask: none }).arraySync();
        expect(first).toEqual(second);
      });
    },
  );
});
