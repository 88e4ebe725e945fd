import { beforeAll, describe, expect, it } from '@jest/globals';
import { arraySource } from '@winnow/data';
import * as tf from '@tensorflow/tfjs-core';
import { initialize, networkFrom, networkOf } from '@winnow/models';
import { cpu, randomStreams } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { evaluate } from './evaluate.ts';
import { gatherStatistics } from './gather-statistics.ts';
import { inferenceOf } from './inference.ts';
import type { PassProgress } from './pass-progress.ts';

const shape = { height: 2, width: 2, channels: 1 };
const IMAGES = {
  pixels: Float32Array.from({ length: 9 * 4 }, (_, i) => Math.sin(i)),
  labels: Int32Array.from({ length: 9 }, (_, i) => i % 2),
};
const source = arraySource({ ...IMAGES, shape });
const network = networkFrom(
  'linear',
  (layers, images) => layers.linear('head', layers.flatten(images), { units: 2 }),
  shape,
  2,
);

describe('evaluate', () => {
  beforeAll(() => cpu.start());
  const parameters = () => initialize(network, randomStreams(1)('initialisation'));

  it('tells of every batch, the last of which has the remainder', async () => {
    const told: PassProgress[] = [];
    const onProgress = (progress: PassProgress) => void told.push(progress);
    const own = parameters();
    const { examples, loss, accuracy } = await evaluate(network, own, source, 2, { onProgress });
    expect(examples).toBe(9);
    // Image by image: 9 in batches of unequal size count alike.
    const [weight, bias] = ['head.weight', 'head.bias'].map((name) => own[name]!.dataSync());
    const { pixels, labels } = IMAGES;
    let [nats, hits] = [0, 0];
    for (const [i, label] of labels.entries()) {
      const logits = [0, 1].map((unit) =>
        [0, 1, 2, 3].reduce(
          (sum, j) => sum + weight![4 * unit + j]! * pixels[4 * i + j]!,
          bias![unit]!,
        ),
      );
      nats += Math.log(Math.exp(logits[0]!) + Math.exp(logits[1]!)) - logits[label]!;
      hits += Number(logits[label]! > logits[1 - label]!);
    }
    expect(loss).toBeCloseTo(nats / 9, 6);
    expect(accuracy).toBe(hits / 9);
    expect(told).toEqual([
      { step: 1, steps: 4, images: 2 },
      { step: 2, steps: 4, images: 2 },
      { step: 3, steps: 4, images: 2 },
      { step: 4, steps: 4, images: 3 },
    ]);
  });

  it('refuses a label that the network has no logit for', async () => {
    const labels = Int32Array.of(0, 1, 2);
    const wrong = arraySource({ pixels: new Float32Array(3 * 4), labels, shape });
    await expect(evaluate(network, parameters(), wrong, 2)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining('the label 2, and linear has 2 classes'),
    });
  });

  it('refuses labels that are no classes, and a source without images', async () => {
    const source = arraySource({
      pixels: new Float32Array(4 * 4),
      labels: new Int32Array(4),
      shape,
    });
    for (const label of [1.5, NaN, 'a']) {
      const labels = [0, 1, label, 0] as unknown as Int32Array;
      await expect(evaluate(network, parameters(), { ...source, labels }, 2)).rejects.toMatchObject(
        {
          code: 'BAD_DATA',
          message: expect.stringContaining(`the label ${label}, and`),
        },
      );
    }
    const none = arraySource({ pixels: new Float32Array(0), labels: new Int32Array(0), shape });
    await expect(evaluate(network, parameters(), none, 2)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining('There is not one evaluated image.'),
    });
  });

  it('refuses a network of one class', async () => {
    const one = { ...network, classes: 1 };
    await expect(evaluate(one, parameters(), source, 2)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining('linear has 1 class'),
    });
  });

  it('is interrupted between batches, and not after the last', async () => {
    const stopAfter = async (batch: number) => {
      const controller = new AbortController();
      let done = 0;
      const onProgress = ({ step }: PassProgress) => {
        done = step;
        if (step === batch) controller.abort();
      };
      const { signal } = controller;
      const outcome = await evaluate(network, parameters(), source, 2, {
        signal,
        onProgress,
      }).catch((error: { code?: string }) => error.code);
      return [done, outcome];
    };
    expect(await stopAfter(2)).toEqual([2, 'INTERRUPTED']);
    expect(await stopAfter(4)).toEqual([4, await evaluate(network, parameters(), source, 2)]);
  });

  it('says that nothing is kept of what was interrupted', async () => {
    const signal = AbortSignal.abort();
    await expect(evaluate(network, parameters(), source, 2, { signal })).rejects.toMatchObject({
      code: 'INTERRUPTED',
      sentence: 'Interrupted during an evaluation, of which nothing is kept.',
    });
  });
});

describe.each(backendsHere())('on $name', (backend) => {
  beforeAll(() => backend.start());
  const parameters = () => initialize(network, randomStreams(1)('initialisation'));

  it.each([
    ['[4, 2]', (head: tf.Tensor) => tf.transpose(head)],
    ['[8]', (head: tf.Tensor) => tf.reshape(head, [8])],
    ['[2, 3]', () => tf.ones([2, 3])],
    ['missing', () => undefined],
  ])('refuses a weight that is %s where [2, 4] is due', async (given, change) => {
    const own = parameters();
    const wrong = { ...own, 'head.weight': change(own['head.weight']!)! };
    const refused = {
      code: 'WEIGHTS_MISMATCH',
      sentence: `The parameter "head.weight" of linear is ${given} where [2, 4] is due.`,
    };
    await expect(evaluate(network, wrong, source, 2)).rejects.toMatchObject(refused);
    await expect(gatherStatistics(network, wrong, source, 2)).rejects.toMatchObject(refused);
    expect(() => inferenceOf(network, wrong)).toThrow(expect.objectContaining(refused));
  });

  it('predicts, by layers and by a function, and leaves nothing but the logits', () => {
    const images = tf.ones<tf.Rank.R4>([3, 2, 2, 1]);
    const normalised = networkFrom(
      'normalised',
      (layers, input) => {
        const convolved = layers.conv('conv', input, { channels: 4, kernel: 3, padding: 1 });
        const hidden = layers.normalize('norm', convolved, { relu: true });
        return layers.linear('head', layers.flatten(hidden), { units: 2 });
      },
      shape,
      2,
    );
    const own = networkOf(
      ({ head }, input) => tf.matMul(tf.reshape(tf.relu(input), [-1, 4]), head),
      { head: tf.ones([4, 2]) },
      { input: shape },
    );
    for (const each of [normalised, own]) {
      const inference = inferenceOf(each, initialize(each, randomStreams(1)('initialisation')));
      const before = tf.memory().numTensors;
      for (let times = 0; times < 3; times++) inference.logits(images).dispose();
      expect(tf.memory().numTensors).toBe(before);
      inference.dispose();
    }
  });
});
