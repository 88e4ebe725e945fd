import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors } from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { initialize } from './initialize.ts';
import type { Architecture } from './layers.ts';
import { type NetworkFunction, networkOf } from './network-of.ts';
import { networkFrom } from './network.ts';

const INPUT = { height: 6, width: 6, channels: 2 };

type Own = Record<'kernel' | 'bias' | 'head' | 'offset', tf.Tensor>;

/** Two layers in TensorFlow's layout. */
const own: NetworkFunction<Own> = ({ kernel, bias, head, offset }, images, capture) => {
  const convolved = tf.conv2d(images, kernel as tf.Tensor4D, 2, 'valid');
  const hidden = capture(tf.relu(tf.add(convolved, bias)));
  return tf.add(tf.matMul(tf.reshape(hidden, [images.shape[0], -1]), head as tf.Tensor2D), offset);
};

const dilated = ({ kernel }: Own, images: tf.Tensor4D) =>
  tf.conv2d(images, kernel as tf.Tensor4D, 1, 'valid', 'NHWC', 2);

/** The same in Winnow's vocabulary and PyTorch's layout. */
const same: Architecture = (layers, images, classes) => {
  const x = layers.conv('conv', images, { channels: 3, kernel: 3, stride: 2, bias: true });
  const flat = layers.flatten(layers.relu(x), { order: 'channels-last' });
  return layers.linear('fc', flat, { units: classes });
};
const theirs = networkFrom('same', same, INPUT, 4);

const transposed = (given: NamedTensors): Own => ({
  kernel: tf.transpose(given['conv.weight']!, [2, 3, 1, 0]),
  bias: given['conv.bias']!,
  head: tf.transpose(given['fc.weight']!),
  offset: given['fc.bias']!,
});

const template = (): Own => ({
  kernel: tf.ones([3, 3, 2, 3]),
  bias: tf.zeros([3]),
  head: tf.randomNormal([12, 4], 0, 3, 'float32', 1),
  offset: tf.fill([4], 0.5),
});

describe.each(backendsHere())('networkOf on $name', (backend) => {
  beforeAll(() => backend.start());

  it('is the network that the function is, under masks too, and counts what weights cost', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const network = networkOf(own, template(), { input: INPUT });
      expect(network.classes).toBe(4);
      expect(network.parameters.map((p) => [p.name, p.shape, p.prunable, p.axes])).toEqual([
        ['kernel', [3, 3, 2, 3], true, { inputs: 2, outputs: 3 }],
        ['bias', [3], false, undefined],
        ['head', [12, 4], true, { inputs: 0, outputs: 1 }],
        ['offset', [4], false, undefined],
      ]);
      const [kernel, , head] = network.parameters;
      expect([kernel!.usesPerImage, head!.usesPerImage]).toEqual([
        theirs.parameters[0]!.usesPerImage,
        theirs.parameters[2]!.usesPerImage,
      ]);
      const parameters = initialize(theirs, randomStreams(1)('initialisation'));
      const mask = Object.fromEntries(
        ['conv.weight', 'fc.weight'].map((name) => [
          name,
          tf.cast(tf.greater(parameters[name]!, 0), 'float32'),
        ]),
      );
      const images: tf.Tensor4D = tf.sin(tf.reshape(tf.range(0, 3 * 72), [3, 6, 6, 2]));
      const shown: tf.Tensor[] = [];
      const capture = (x: tf.Tensor) => void shown.push(x);
      const masks = transposed({ ...parameters, ...mask });
      const logits = network.forward(transposed(parameters), images, {
        mask: { kernel: masks.kernel, head: masks.head },
        capture,
      });
      const expected = theirs.forward(parameters, images, { mask }).dataSync();
      for (const [i, x] of logits.dataSync().entries()) expect(x).toBeCloseTo(expected[i]!, 5);
      expect(shown.map((x) => x.shape)).toEqual([[3, 2, 2, 3]]);
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has tickets for the parameters that `prunable` names', () => {
    tf.tidy(() => {
      const prunable = (name: string, shape: readonly number[]) =>
        name === 'bias' || shape.join() === '12,4';
      const { parameters } = networkOf(own, template(), { input: INPUT, prunable });
      expect(parameters.map((p) => p.prunable)).toEqual([false, true, true, false]);
    });
  });

  it('leaves the axes of "channels-first" where PyTorch and all else have them', () => {
    tf.tidy(() => {
      const kernel = tf.ones([3, 2, 4, 4]); // [out, in, height, width]
      const torch: NetworkFunction<{ kernel: tf.Tensor }> = ({ kernel }, images) => {
        const turned = tf.transpose(kernel, [2, 3, 1, 0]) as tf.Tensor4D;
        return tf.mean(tf.conv2d(images, turned, 1, 'valid'), [1, 2]);
      };
      const options = { input: INPUT, layout: 'channels-first' } as const;
      const [parameter] = networkOf(torch, { kernel }, options).parameters;
      expect(parameter).toMatchObject({ shape: [3, 2, 4, 4], usesPerImage: 3 * 3 });
      expect(parameter!.axes).toBeUndefined();
    });
  });

  it('draws parameters anew as they were given, unless told otherwise', () => {
    tf.tidy(() => {
      const initializers = { offset: { kind: 'uniform', low: 0, high: 1 } } as const;
      const network = networkOf(own, template(), { input: INPUT, initializers });
      const [kernel, bias, head, offset] = network.parameters.map((p) => p.initializer);
      expect([kernel, bias]).toEqual([
        { kind: 'constant', value: 1 },
        { kind: 'constant', value: 0 },
      ]);
      expect((head as { std: number }).std).toBeGreaterThan(2);
      expect((head as { std: number }).std).toBeLessThan(4);
      expect(offset).toEqual(initializers.offset);
    });
  });

  it('refuses a function without prunable parameters', () => {
    tf.tidy(() => {
      const none = () =>
        networkOf(own, template(), { input: INPUT, name: 'mine', prunable: () => false });
      expect(none).toThrow(expect.objectContaining({ code: 'BAD_MODEL' }));
      expect(none).toThrow('The function of "mine" has no prunable parameter.');
    });
  });

  it('refuses a function that reads a parameter from outside', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const given = template();
      const reads = () =>
        networkOf((p, x, c) => own({ ...p, head: given.head }, x, c), given, { input: INPUT });
      expect(reads).toThrow('makes no use of "head"');
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses images that are no height, width and channels', () => {
    tf.tidy(() => {
      const input = [6, 6, 2] as unknown as typeof INPUT;
      expect(() => networkOf(own, template(), { input })).toThrow('no height, width and channels');
    });
  });

  it('takes parameters that an interface lists', () => {
    interface Listed {
      readonly head: tf.Tensor2D;
    }
    tf.tidy(() => {
      const listed: Listed = { head: tf.ones([3, 2]) };
      const compute: NetworkFunction<Listed> = ({ head }, images) =>
        tf.matMul(tf.mean<tf.Tensor2D>(images, [1, 2]), head);
      const input = { height: 2, width: 2, channels: 3 };
      expect(networkOf(compute, listed, { input }).classes).toBe(2);
    });
  });

  it('draws parameters that are shapes, of ranks that the function knows', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const network = networkOf(
        ({ kernel, scale, head }, images) => {
          const x: tf.Tensor4D = tf.conv2d(images, kernel, 2, 'valid');
          return tf.matMul(tf.mean<tf.Tensor2D>(tf.mul<tf.Tensor4D>(x, scale), [1, 2]), head);
        },
        {
          kernel: { shape: [3, 3, 2, 5], initializer: { kind: 'normal', std: 0.2 } },
          scale: { shape: [5], initializer: { kind: 'constant', value: 0.5 } },
          head: tf.ones<tf.Rank.R2>([5, 4]),
        },
        { input: INPUT, initializers: { head: { kind: 'uniform', low: 2, high: 3 } } },
      );
      expect(network.parameters).toMatchObject([
        { name: 'kernel', shape: [3, 3, 2, 5], prunable: true, usesPerImage: 2 * 2 },
        { name: 'scale', shape: [5], prunable: false },
        { name: 'head', shape: [5, 4], prunable: true, usesPerImage: 1 },
      ]);
      const drawn = initialize(network, randomStreams(1)('initialisation'));
      const { kernel, scale, head } = drawn;
      // Of 90 draws, the root of the mean square is within a third of the deviation all but always.
      const spread = Math.sqrt(tf.mean(tf.square(kernel!)).dataSync()[0]!);
      expect(Math.abs(spread - 0.2)).toBeLessThan(0.07);
      expect([...scale!.dataSync()]).toEqual([0.5, 0.5, 0.5, 0.5, 0.5]);
      expect(Math.min(...head!.dataSync())).toBeGreaterThanOrEqual(2);
      expect(network.forward(drawn, tf.ones([3, 6, 6, 2])).shape).toEqual([3, 4]);
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['numbers', [1, 2]],
    ['a shape alone', { shape: [12, 4] }],
    ['no whole numbers', { shape: [12, '4'], initializer: { kind: 'constant', value: 1 } }],
    ['an unknown initializer', { shape: [12, 4], initializer: { kind: 'orthogonal' } }],
    ['an initializer without its number', { shape: [12, 4], initializer: { kind: 'normal' } }],
  ])('refuses a parameter that is %s', (_, head) => {
    tf.tidy(() => {
      const given = { ...template(), head: head as tf.Tensor };
      const wrong = () => networkOf(own, given, { input: INPUT, name: 'mine' });
      expect(wrong).toThrow(expect.objectContaining({ code: 'BAD_MODEL' }));
      expect(wrong).toThrow('The parameter "head" of "mine" is neither a tensor nor a shape');
    });
  });

  it('shows activations by the names that they are given, or by their number', () => {
    tf.tidy(() => {
      const shows: NetworkFunction<Own> = (parameters, images, capture) => {
        const logits = capture(own(parameters, images, capture));
        return capture(capture(capture(logits, 'attention'), 'attention'));
      };
      const network = networkOf(shows, template(), { input: INPUT });
      for (let pass = 0; pass < 2; pass++) {
        const names: string[] = [];
        const capture = (_: tf.Tensor, name: string) => void names.push(name);
        network.forward({ ...template() }, tf.ones([2, 6, 6, 2]), { capture });
        expect(names).toEqual([
          ...['activation1', 'activation2', 'attention', 'attention.2'],
          'activation3',
        ]);
      }
    });
  });

  it.each<[string, string, NetworkFunction<Own>]>([
    [
      'BAD_MODEL',
      'returned shape [2, 2, 2, 3]',
      ({ kernel }, images) => tf.conv2d(images, kernel as tf.Tensor4D, 2, 'valid'),
    ],
    ['BAD_MODEL', 'returned object', () => ({}) as tf.Tensor],
    ['BAD_MODEL', 'no use of "kernel"', ({ head }) => tf.slice(head, 0, 2)],
    ['BAD_MODEL', 'made 12 rows of logits of 2 images', ({ head }) => head],
    ['NO_GRADIENT', 'The op Cumprod has no gradient', (p, x, c) => tf.cumprod(own(p, x, c), 1)],
    [
      'NO_GRADIENT',
      'The op Conv2D, with dilation or channels first, has no gradient',
      (p, x, c) => own({ ...p, bias: tf.mean(dilated(p, x), [0, 1, 2]) }, x, c),
    ],
  ])('refuses with %s what %s', (code, words, compute) => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const wrong = () => networkOf(compute, template(), { input: INPUT, name: 'mine' });
      expect(wrong).toThrow(expect.objectContaining({ code }));
      expect(wrong).toThrow(words);
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
