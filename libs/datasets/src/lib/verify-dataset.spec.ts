import { expect, it } from '@jest/globals';
import type { Dataset } from '@winnow/plugin-api';
import { verifyDataset } from './verify-dataset.ts';

it('counts the images of each class in one pass over the labels', async () => {
  let passes = 0;
  const part = (...labels: number[]) => ({
    length: labels.length,
    get labels() {
      passes += 1;
      return Int32Array.from(labels);
    },
    read: () => Promise.resolve(new Float32Array(1)),
  });
  const dataset = {
    classes: 3,
    classNames: ['ant', 'bee', 'cat'],
    train: part(0, 2, 2),
    validation: part(2),
    test: part(0, 0),
  } as unknown as Dataset;
  const { classes, images } = await verifyDataset(dataset, new AbortController().signal, () => {});
  expect(images).toBe(6);
  expect(classes).toEqual([
    { name: 'ant', images: [1, 0, 2] },
    { name: 'bee', images: [0, 0, 0] },
    { name: 'cat', images: [2, 1, 0] },
  ]);
  expect(passes).toBe(3);
});
