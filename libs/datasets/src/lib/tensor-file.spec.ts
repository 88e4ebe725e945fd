import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type HostTensor } from '@winnow/files';
import { writeSafetensors } from '@winnow/files/disk';
import { tensorFile } from './tensor-file.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-tensor-file-'));
});
afterAll(() => rm(dir, { recursive: true }));

// Two images of 3 channels, 1 row, 2 columns.
const images = { shape: [2, 3, 1, 2], data: Float32Array.from({ length: 12 }, (_, i) => i / 2) };
const labels = { shape: [2], data: BigInt64Array.of(9n, 0n) };

async function open(tensors: Record<string, HostTensor>, options = {}) {
  const path = join(dir, 'batch.safetensors');
  await writeSafetensors(path, Object.entries(tensors));
  return tensorFile.open({ path, ...options });
}

describe('tensor-file', () => {
  it('reads images as they are, channels last, in one batch', async () => {
    const dataset = await open({ images, labels });
    const block = await dataset.train.read([0, 1]);
    expect([...block.images]).toEqual([0, 1, 2, 0.5, 1.5, 2.5, 3, 4, 5, 3.5, 4.5, 5.5]);
    expect([...block.labels]).toEqual([9, 0]);
    expect(dataset).toMatchObject({ input: { height: 1, width: 2, channels: 3 }, classes: 10 });
    expect(dataset.recipe.batchSize).toBe(2);
  });

  it('takes int32 labels and another number of classes', async () => {
    const { classes, test } = await open(
      { images, labels: { shape: [2], data: Int32Array.of(11, 3) } },
      { classes: 12 },
    );
    expect(classes).toBe(12);
    expect([...test.labels]).toEqual([11, 3]);
  });

  it('refuses one class', async () => {
    const one = { shape: [2], data: Int32Array.of(0, 0) };
    await expect(open({ images, labels: one }, { classes: 1 })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/classes must be at least 2\.$/),
    });
    expect((await open({ images, labels: one }, { classes: 2 })).classes).toBe(2);
  });

  it.each([
    ['no images', { labels }, /no tensor "images"/],
    ['no labels', { images }, /no tensor "labels"/],
    [
      'a pixel that is none',
      { images: { ...images, data: images.data.with(7, NaN) }, labels },
      /batch\.safetensors has NaN in image 1 of "images"\. Every value must be finite; mend that image, or leave it out\.$/,
    ],
    ['images of rank 2', { images: { ...images, shape: [2, 6] }, labels }, /shape \[2, 6\]/],
    ['bytes', { images: { ...images, data: new Uint8Array(12) }, labels }, /Uint8Array/],
    [
      'another count',
      { images, labels: { shape: [1], data: Int32Array.of(1) } },
      /2 images.*\[1\]/,
    ],
    ['float labels', { images, labels: { shape: [2], data: new Float32Array(2) } }, /Float32Array/],
    [
      'a label too high',
      { images, labels: { shape: [2], data: Int32Array.of(0, 10) } },
      /label 10 at 1/,
    ],
    [
      'a negative label',
      { images, labels: { shape: [2], data: BigInt64Array.of(-1n, 0n) } },
      /label -1 at 0/,
    ],
  ])('refuses %s', async (_, tensors, message) => {
    await expect(open(tensors as Record<string, HostTensor>)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringMatching(message),
    });
  });
});
