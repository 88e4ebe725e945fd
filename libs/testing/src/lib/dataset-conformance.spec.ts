import { describe, expect, it } from '@jest/globals';
import { arraySource } from '@winnow/data';
import { digits } from '@winnow/datasets';
import { type Dataset, type ImageSource, defineDataset } from '@winnow/plugin-api';
import * as z from 'zod';
import { datasetConformance } from './dataset-conformance.ts';
import { toyImages } from './toy-problem.ts';

describe('digits', () => {
  for (const { name, run } of datasetConformance(digits)) it(name, run);
});

const shape = { height: 4, width: 4, channels: 1 };
const part = (count: number, seed: number) => {
  const { images, labels } = toyImages(count, seed);
  return arraySource({ pixels: images, labels, shape });
};
const made = (change: (dataset: Dataset) => Partial<Dataset> = () => ({})) =>
  defineDataset({
    name: 'made',
    summary: 'made for this',
    options: z.strictObject({}),
    open() {
      const dataset: Dataset = {
        name: 'made',
        input: shape,
        classes: 3,
        train: part(60, 1),
        validation: part(20, 2),
        test: part(20, 3),
        checksum: 'made-1',
        recipe: {
          learningRate: 0.1,
          epochs: 4,
          dropEpochs: [2, 3],
          warmupEpochs: 0,
          weightDecay: 1e-3,
          batchSize: 8,
        },
      };
      return Promise.resolve({ ...dataset, ...change(dataset) });
    },
  });
const reading = (source: ImageSource, read: ImageSource['read']): ImageSource => ({
  ...source,
  read,
});
let opened = 0;

describe('datasetConformance finds', () => {
  it('nothing in a data set that does what it must', async () => {
    for (const { run } of datasetConformance(made())) await run();
  });

  it.each<[fault: string, change: (dataset: Dataset) => Partial<Dataset>, failing: RegExp]>([
    ['a checksum that changes', () => ({ checksum: String(opened++) }), /^opens the same/],
    ['a label too high', () => ({ classes: 2 }), /^labels every/],
    ['a class without images', () => ({ classes: 4 }), /^labels every/],
    [
      'one class alone',
      () => {
        const pixels = new Float32Array(16 * 20);
        const one = arraySource({ pixels, labels: new Int32Array(20), shape });
        return { classes: 1, train: one, validation: one, test: one };
      },
      /^labels every/,
    ],
    [
      'NaN in an image',
      ({ test }) => ({
        test: reading(test, async (indices) => {
          const block = await test.read(indices);
          block.images[0] = NaN;
          return block;
        }),
      }),
      /^reads images/,
    ],
    [
      'images in the order of the file',
      ({ train }) => ({
        train: reading(train, (indices) => train.read(Int32Array.from(indices).sort())),
      }),
      /^reads images/,
    ],
    [
      'augmentation by chance',
      ({ train }) => ({
        train: reading(train, async (indices, draws) => {
          const block = await train.read(indices);
          if (draws) block.images[0] = opened++;
          return block;
        }),
      }),
      /^augments/,
    ],
    ['training images in the test', ({ train }) => ({ test: train }), /^holds validation/],
    [
      'a drop after the end',
      ({ recipe }) => ({ recipe: { ...recipe, dropEpochs: [9] } }),
      /^has a recipe/,
    ],
    [
      'an index wrapped round',
      ({ train }) => ({
        train: reading(train, (indices, draws) =>
          train.read(
            Int32Array.from(indices, (index) => index % train.length),
            draws,
          ),
        ),
      }),
      /^refuses/,
    ],
  ])('%s', async (_, change, failing) => {
    const failed: string[] = [];
    for (const { name, run } of datasetConformance(made(change)))
      await run().catch(() => failed.push(name));
    expect(failed.filter((name) => failing.test(name))).not.toEqual([]);
  });
});
