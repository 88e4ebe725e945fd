import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { recognizeDataset } from './recognize-dataset.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-recognize-'));
});
afterAll(() => rm(dir, { recursive: true }));

it.each([
  ['a', 'cifar-10-batches-bin/test_batch.bin', 'cifar10'],
  ['cifar-10-batches-bin', 'data_batch_1.bin', 'cifar10'],
  ['cifar-100-binary', 'fine_label_names.txt', 'cifar100'],
  ['tiny', 'wnids.txt', 'tiny-imagenet'],
  ['mnist', 'train-images-idx3-ubyte.gz', 'mnist'],
  ['fashion-mnist', 'train-images-idx3-ubyte', 'fashion-mnist'],
  ['hub', 'data/train-00000-of-00001.parquet', 'parquet'],
  ['photos', 'cat/1.jpg', 'image-folder'],
])('a folder %s with %s holds %s', async (folder, file, name) => {
  await mkdir(dirname(join(dir, folder, file)), { recursive: true });
  await writeFile(join(dir, folder, file), '');
  expect(recognizeDataset(join(dir, folder))).toBe(name);
});

it('knows files by their ends, and refuses what is not there', async () => {
  await writeFile(join(dir, 'x.parquet'), '');
  expect(recognizeDataset(join(dir, 'x.parquet'))).toBe('parquet');
  expect(() => recognizeDataset(join(dir, 'gone'))).toThrow(/nothing at .*gone/);
});
